"""Fluent Bit's influxdb output: fluent/fluent-bit, plugins/out_influxdb/influxdb.c.

Old versions count every line in a tag `_seq`, in seconds; later ones can leave it out and have nanoseconds.
"""
import wire


class FluentBit(wire.WriterTest):
    def write(self, query, lines, credentials=''):
        return self.send(f'''
            POST /write?db=fluentbit&{query} HTTP/1.1
            Host: $host
            Content-Length: $length
            User-Agent: Fluent-Bit
            {credentials}
            ''', lines)

    def test_write(self):
        """cb_influxdb_flush: 200 or 204, else the body is logged."""
        reply = self.write('precision=n', 'cpu.local,_seq=1 cpu_p=1.500000,user_p=1.000000,throttled=FALSE $ns\n'
                                          'cpu.local,host=fb log="a \\"line\\"",n=3 $ns', 'Authorization: Basic dTpw')
        self.assertIn(reply.status, {200, 204})
        self.serves('cpu_local_cpu_p', 1.5, _seq='1')
        self.serves('cpu_local_throttled', 0, _seq='1')
        self.serves('cpu_local_n', 3, host='fb')

    def test_write_of_old_versions(self):
        self.assertIn(self.write('precision=s', 'mem.old,_seq=99999 Mem.total=8000 $s').status, {200, 204})
        self.serves('mem_old_Mem_total', 8000, _seq='99999')
