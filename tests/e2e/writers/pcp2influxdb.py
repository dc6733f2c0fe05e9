"""pcp2influxdb of Performance Co-Pilot: performancecopilot/pcp, src/pcp2influxdb/pcp2influxdb.py, over requests.

A metric with instances has them as fields.
"""
import wire


class Pcp2influxdb(wire.WriterTest):
    def test_write(self):
        """Exactly 204; anything else is told on stderr."""
        reply = self.send('''
            POST /write?db=pcp HTTP/1.1
            Host: $host
            User-Agent: python-requests/2.28.1
            Accept-Encoding: gzip, deflate
            Accept: */*
            Connection: keep-alive
            Content-Length: $length
            ''', 'kernel_all_load,host=pcp1 1_minute=0.25,5_minute=0.5,15_minute=1.0 $ns\nproc_nprocs,host=pcp1 value=200 $ns')
        self.assertEqual(reply.status, 204)
        self.serves('kernel_all_load_15_minute', 1, host='pcp1')
        self.serves('proc_nprocs', 200, host='pcp1')
