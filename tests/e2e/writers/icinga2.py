"""Icinga 2's InfluxdbWriter and Influxdb2Writer: Icinga/icinga2, lib/perfdata/influxdbcommonwriter.cpp,
influxdbwriter.cpp and influxdb2writer.cpp, over Boost.Beast as HTTP/1.0.

Batches are joined by line ends, with none at the end; quotes and equals signs are escaped in keys and strings.
"""
import wire

LINES = ('hostalive,hostname=web\\ 1,metric=rta crit=5,unit="seconds",value=0.00123,warn=3 $s\n'
         'disk,hostname=web\\ 1,metric=C:_,service=disk\\ \\"root\\" unit="bytes",value=1048576 $s\n'
         'hostalive,hostname=web\\ 1 acknowledgement=0i,latency=0.5,reachable=true,state=0i $s')


class Icinga2(wire.WriterTest):
    def write(self, path, lines, token=''):
        return self.send(f'''
            POST {path} HTTP/1.0
            User-Agent: Icinga/r2.14.2-1
            Host: $host
            Content-Length: $length
            {token}
            ''', lines)

    def test_write(self):
        """FlushWQ: exactly 204."""
        for path, token in (('/write?precision=s&db=icinga2&u=icinga&p=secret', ''),
                            ('/api/v2/write?precision=s&org=monitoring&bucket=icinga2', 'Authorization: Token secret')):
            self.assertEqual(self.write(path, LINES, token).status, 204)
        self.serves('hostalive', 0.00123, hostname='web 1', metric='rta')
        self.serves('hostalive_reachable', 1, hostname='web 1')
        self.serves('disk', 1048576, hostname='web 1', metric='C:_', service='disk \\"root\\"')

    def test_a_bad_line(self):
        """The log has `error` if the type is this and nothing behind it; else only the type."""
        reply = self.write('/write?precision=s&db=icinga2', 'hostalive,hostname=kept value=1 $s\nhostalive value= $s')
        self.assertEqual(reply.headers['content-type'], 'application/json')
        self.assertIn('unable to parse', self.read_json(reply)['error'])
        self.serves('hostalive', 1, hostname='kept')
