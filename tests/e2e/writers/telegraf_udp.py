"""Telegraf's outputs.influxdb with udp://: influxdata/telegraf, plugins/outputs/influxdb/udp.go.

A datagram for each line, of at most 512 bytes: a point that is longer is cut into several by its fields.
"""
import wire


class TelegrafUdp(wire.WriterTest):
    def test_write(self):
        self.send_datagram('cpu,cpu=cpu-total,host=tgu usage_idle=97.25 $ns\n')
        self.send_datagram('cpu,cpu=cpu-total,host=tgu usage_user=2.75 $ns\n')
        self.comes_to_serve('cpu_usage_idle', 97.25, cpu='cpu-total', host='tgu')
        self.comes_to_serve('cpu_usage_user', 2.75, cpu='cpu-total', host='tgu')
