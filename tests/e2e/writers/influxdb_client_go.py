"""influxdb-client-go, the client of 2.x: influxdata/influxdb-client-go, client.go and api/http/service.go."""
import wire

FIELDS = '''
    Host: $host
    User-Agent: influxdb-client-go/2.14.0 (linux; amd64)
    '''.rstrip()
CREDENTIALS = 'Authorization: Token my-token'


class InfluxdbClientGo(wire.WriterTest):
    def get(self, path):
        return self.send(f'GET {path} HTTP/1.1{FIELDS}\n{CREDENTIALS}\nAccept-Encoding: gzip')

    def write(self, lines, coding=''):
        framing = 'Transfer-Encoding: chunked' if coding else 'Content-Length: $length'
        return self.send(f'''
            POST /api/v2/write?bucket=my-bucket&org=my-org&precision=ns HTTP/1.1{FIELDS}
            {framing}
            {CREDENTIALS}
            {coding}
            Accept-Encoding: gzip
            ''', lines)

    def test_probes(self):
        self.assertEqual(self.get('/ping').status, 204)
        health = self.read_json(self.get('/health'))
        self.assertEqual((health['name'], health['status']), ('influxdb', 'pass'))
        self.assertEqual(self.read_json(self.get('/ready'))['status'], 'ready')

    def test_write(self):
        """Any 2xx."""
        self.assertEqual(self.write('stat,unit=temperature avg=24.5,max=45i,ok=true $ns\n').status // 100, 2)
        self.assertEqual(self.write('stat,unit=pressure avg=1013,n=5u $ns\n', 'Content-Encoding: gzip').status // 100, 2)
        self.serves('stat_max', 45, unit='temperature')
        self.serves('stat_n', 5, unit='pressure')

    def test_a_bad_line(self):
        """handleHTTPError reads code and message of JSON; a status below 429 is not tried again."""
        reply = self.write('stat,unit=kept avg=1 $ns\nstat,unit= avg=1 $ns\n')
        self.assertEqual(reply.status, 400)
        error = self.read_json(reply)
        self.assertEqual(error['code'], 'invalid')
        self.assertIn('partial write', error['message'])
        self.serves('stat_avg', 1, unit='kept')
