"""InfluxDB::HTTP of CPAN: raphaelthomas/InfluxDB-HTTP, lib/InfluxDB/HTTP.pm, over LWP, which calls the body a form."""
import wire

LWP = '''
    TE: deflate,gzip;q=0.3
    Connection: TE, close
    Host: $host
    User-Agent: InfluxDB-HTTP/0.04
    '''.rstrip()


class PerlInfluxdbHttp(wire.WriterTest):
    def test_ping(self):
        """HEAD: any 2xx, and the version."""
        reply = self.send(f'HEAD /ping HTTP/1.1{LWP}')
        self.assertEqual(reply.status // 100, 2)
        self.assertTrue(reply.headers['x-influxdb-version'])

    def test_query(self):
        """Any 2xx, then JSON; request_id is the header."""
        reply = self.send(f'''
            POST /query?epoch=ns&q=CREATE+DATABASE+perldb%3BSHOW+DATABASES HTTP/1.1{LWP}
            Content-Length: 0
            Content-Type: application/x-www-form-urlencoded
            ''')
        self.assertEqual(reply.status // 100, 2)
        self.assertIn(['perldb'], self.read_json(reply)['results'][1]['series'][0]['values'])
        self.assertTrue(reply.headers['request-id'])

    def test_write(self):
        """Exactly 204; else `error` of the JSON body."""
        for line, status in (('weather,place=perl degrees=8.5,ok=1 $ns', 204), ('weather,place=perl degrees=8,5 $ns', 400)):
            reply = self.send(f'''
                POST /write?db=perldb&precision=ns&rp=autogen HTTP/1.1{LWP}
                Content-Length: $length
                Content-Type: application/x-www-form-urlencoded
                ''', line)
            self.assertEqual(reply.status, status)
        self.serves('weather_degrees', 8.5, place='perl')
        self.assertIn('unable to parse', self.read_json(reply)['error'])
