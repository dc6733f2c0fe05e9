"""collectd's write_influxdb_udp: collectd/collectd, src/write_influxdb_udp.c (later format_influxdb.c).

As many lines as fit in a datagram of 1,452 bytes, in milliseconds.
"""
import wire

PRESET = 1  # The listener that was given `preset=collectd`.


class Collectd(wire.WriterTest):
    def test_write(self):
        for listener, host in ((PRESET, 'preset'), (0, 'detected')):
            self.send_datagram(f'cpu,host={host},instance=0,type=cpu,type_instance=idle value=123456i $ms\n'
                               f'load,host={host},type=load shortterm=0.250000,midterm=0.500000,longterm=1.000000 $ms\n'
                               f'df,host={host},instance=var\\ log,type=df_complex,type_instance=free value=1024.000000 $ms\n', listener)
            self.comes_to_serve('cpu', 123456, host=host, instance='0', type='cpu', type_instance='idle')
            self.comes_to_serve('load_midterm', 0.5, host=host, type='load')
            self.comes_to_serve('df', 1024, host=host, instance='var log', type='df_complex', type_instance='free')
