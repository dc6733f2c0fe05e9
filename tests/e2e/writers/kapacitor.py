"""Kapacitor as a writer, with InfluxDBOut: influxdata/kapacitor, influxdb/client.go.

On start it also lists what it could subscribe to, unless subscriptions are off.
"""
import wire

AGENT = '''
    Host: $host
    User-Agent: KapacitorInfluxDBClient
    '''.rstrip()


class Kapacitor(wire.WriterTest):
    def query(self, query):
        """Query: 200, JSON, no error at the top or in a result."""
        reply = self.send(f'POST /query?db=&q={query} HTTP/1.1{AGENT}\nContent-Length: 0\nAccept-Encoding: gzip')
        self.assertEqual(reply.status, 200)
        answer = self.read_json(reply)
        self.assertNotIn('error', answer)
        self.assertEqual([result.get('error') for result in answer['results']], [None])
        return answer['results'][0].get('series', [])

    def test_start(self):
        reply = self.send(f'GET /ping?wait_for_leader=30s HTTP/1.1{AGENT}\nAccept-Encoding: gzip')
        self.assertEqual(reply.status, 204)
        self.query('CREATE+DATABASE+kapdb')
        self.assertIn(['kapdb'], self.query('SHOW+DATABASES')[0]['values'])
        self.assertEqual(self.query('SHOW+RETENTION+POLICIES+ON+kapdb')[0]['values'][0][0], 'autogen')
        self.assertEqual(self.query('SHOW+SUBSCRIPTIONS'), [])

    def test_write(self):
        """Write: 204 or 200, else `error` of JSON."""
        reply = self.send(f'''
            POST /write?consistency=&db=kapdb&precision=s&rp=autogen HTTP/1.1{AGENT}
            Content-Length: $length
            Content-Type: application/octet-stream
            Accept-Encoding: gzip
            ''', 'errors,host=kap mean=0.5 $s\n')
        self.assertIn(reply.status, {200, 204})
        self.serves('errors_mean', 0.5, host='kap')
