"""influxdb-client-python, the client of 2.x: influxdata/influxdb-client-python, influxdb_client/_base.py, write/retry.py.

Says `Content-Encoding: identity` of what is not gzip.
"""
import wire


class InfluxdbClientPython(wire.WriterTest):
    def get(self, path):
        return self.send(f'''
            GET {path} HTTP/1.1
            Host: $host
            Accept-Encoding: identity
            Accept: application/json
            Authorization: Token secret
            User-Agent: influxdb-client-python/1.43.0
            ''')

    def write(self, lines, coding='identity'):
        return self.send(f'''
            POST /api/v2/write?org=acme&bucket=metrics%2Fautogen&precision=ns HTTP/1.1
            Host: $host
            Accept-Encoding: identity
            Content-Length: $length
            Content-Encoding: {coding}
            Content-Type: text/plain
            Accept: application/json
            User-Agent: influxdb-client-python/1.43.0
            Authorization: Token secret
            ''', lines)

    def test_probes(self):
        ping = self.get('/ping')
        self.assertEqual(ping.status // 100, 2)
        self.assertTrue(ping.headers['x-influxdb-version'])
        self.assertEqual(self.read_json(self.get('/health'))['status'], 'pass')
        ready = self.read_json(self.get('/ready'))
        self.assertEqual(ready['status'], 'ready')
        self.assertRegex(ready['started'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d')
        self.assertTrue(ready['up'])

    def test_write(self):
        """Any 2xx."""
        self.assertEqual(self.write('h2o,location=coyote\\ creek level=1i $ns').status // 100, 2)
        self.serves('h2o_level', 1, location='coyote creek')
        self.assertEqual(self.write('h2o,location=sea level=2.5 $ns\nh2o,location=sky level=3 $ns', 'gzip').status // 100, 2)
        self.serves('h2o_level', 3, location='sky')

    def test_a_bad_line(self):
        """Below 429 nothing is retried; ApiException shows `message`."""
        reply = self.write('h2o,location=lake level=4i $ns\nh2o level\n')
        self.assertLess(reply.status, 429)
        self.assertIn('unable to parse', self.read_json(reply)['message'])
        self.serves('h2o_level', 4, location='lake')
