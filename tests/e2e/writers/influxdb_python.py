"""influxdb-python 5, the client of 1.x: influxdata/influxdb-python, influxdb/client.py."""
import wire

SESSION = '''
    Host: $host
    User-Agent: python-requests/2.28.1
    Accept-Encoding: gzip, deflate
    Accept: application/x-msgpack
    Connection: keep-alive
    '''.rstrip()
CREDENTIALS = 'Authorization: Basic cm9vdDpyb290'


class InfluxdbPython(wire.WriterTest):
    def query(self, method, query):
        length = 'Content-Length: 0' if method == 'POST' else ''
        return self.send(f'''
            {method} /query?q={query}&db=pydb HTTP/1.1{SESSION}
            Content-Type: application/json
            {length}
            {CREDENTIALS}''')

    def test_ping(self):
        reply = self.send(f'GET /ping HTTP/1.1{SESSION}\nContent-Type: application/json\n{CREDENTIALS}')
        self.assertEqual(reply.status, 204)
        self.assertRegex(reply.headers['x-influxdb-version'], r'^\d+\.\d+')

    def test_databases(self):
        created = self.query('POST', 'CREATE+DATABASE+%22pydb%22')
        self.assertEqual(created.status, 200)
        self.assertNotIn('error', self.read_json(created)['results'][0])
        [listed] = self.read_json(self.query('GET', 'SHOW+DATABASES'))['results']
        self.assertIn(['pydb'], listed['series'][0]['values'])

    def test_write_points(self):
        """write: exactly 204."""
        for coding, query, stamp in (('', 'db=pydb', '$ns'), ('', 'db=pydb&precision=ms&rp=autogen&consistency=all', '$ms'),
                                     ('Content-Encoding: gzip', 'db=pydb&precision=u', '$us')):
            reply = self.send(f'''
                POST /write?{query} HTTP/1.1{SESSION.replace(', deflate', '') if coding else SESSION}
                Content-Type: application/octet-stream
                {coding}
                Content-Length: $length
                {CREDENTIALS}
                ''', f'load,region=us-west,unit={stamp[1:]} n=3i,ok=True,value=0.64 {stamp}\n')
            self.assertEqual(reply.status, 204)
            self.serves('load', 0.64, region='us-west', unit=stamp[1:])
            self.serves('load_ok', 1, region='us-west', unit=stamp[1:])

    def test_a_bad_line(self):
        """InfluxDBClientError for 4xx; 5xx would be InfluxDBServerError."""
        reply = self.send(f'''
            POST /write?db=pydb HTTP/1.1{SESSION}
            Content-Type: application/octet-stream
            Content-Length: $length
            {CREDENTIALS}
            ''', 'load value=\n')
        self.assertEqual(reply.status, 400)
        self.assertIn('unable to parse', self.read_json(reply)['error'])
