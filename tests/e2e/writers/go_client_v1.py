"""The Go client of 1.x: influxdata/influxdb1-client, v2/client.go (also influxdata/influxdb, client/v2/client.go).

Sends parameters that are not set, empty, and an empty content type.
"""
import wire

FIELDS = '''
    Host: $host
    User-Agent: InfluxDBClient
    '''.rstrip()
CREDENTIALS = 'Authorization: Basic YnViYmE6YnVtYmxlYmVldHVuYQ=='


class GoClientV1(wire.WriterTest):
    def test_ping(self):
        """Ping: exactly 204."""
        for query in ('', '?wait_for_leader=10s'):
            reply = self.send(f'GET /ping{query} HTTP/1.1{FIELDS}\n{CREDENTIALS}\nAccept-Encoding: gzip')
            self.assertEqual(reply.status, 204)
            self.assertTrue(reply.headers['x-influxdb-version'])

    def test_query(self):
        """checkResponse: JSON by its type; no error in the answer or a result. Parameters are sent although there are none."""
        for params in ('%7B%7D', 'null'):
            reply = self.send(f'''
                POST /query?db=&params={params}&q=CREATE+DATABASE+%22godb%22 HTTP/1.1{FIELDS}
                Content-Length: 0
                {CREDENTIALS}
                Content-Type: $empty
                Accept-Encoding: gzip
                ''')
            answer = self.read_json(reply)
            self.assertEqual((reply.status, 'error' in answer, 'error' in answer['results'][0]), (200, False, False))

    def write(self, lines):
        return self.send(f'''
            POST /write?consistency=&db=godb&precision=s&rp= HTTP/1.1{FIELDS}
            Content-Length: $length
            {CREDENTIALS}
            Content-Type: $empty
            Accept-Encoding: gzip
            ''', lines)

    def test_write(self):
        """Write: 204 or 200."""
        reply = self.write('cpu_usage,cpu=cpu-go idle=10.1,system=53.3,user=46.6 $s\n')
        self.assertIn(reply.status, {200, 204})
        self.serves('cpu_usage_idle', 10.1, cpu='cpu-go')

    def test_a_bad_line(self):
        """The body is the error, as it stands."""
        reply = self.write('cpu_usage,cpu=cpu-go2 idle=1 $s\ncpu_usage idle\n')
        self.assertEqual(reply.status, 400)
        self.assertIn(b'partial write: unable to parse', reply.body)
        self.serves('cpu_usage_idle', 1, cpu='cpu-go2')
