"""node-influx, and with it Node-RED's nodes for 1.x: node-influx/node-influx, src/index.ts and src/pool.ts.

Credentials are in the query. A host that answers 500 or more is left alone for a while.
"""
import wire


class NodeInflux(wire.WriterTest):
    def request(self, method, path, body=''):
        reply = self.send(f'''
            {method} {path} HTTP/1.1
            content-length: $length
            Host: $host
            Connection: keep-alive
            ''', body)
        self.assertLess(reply.status, 500)
        return reply

    def test_databases(self):
        """stream: below 300; then JSON with a list of results, of which each may have an error."""
        created = self.request('POST', '/query?p=root&q=create%20database%20%22express_db%22&u=root')
        self.assertLess(created.status, 300)
        self.assertEqual([result.get('error') for result in self.read_json(created)['results']], [None])
        [listed] = self.read_json(self.request('GET', '/query?p=root&q=show%20databases&u=root'))['results']
        self.assertIn(['express_db'], listed['series'][0]['values'])

    def test_ping(self):
        reply = self.send('GET /ping HTTP/1.1\nHost: $host\nConnection: keep-alive')
        self.assertLess(reply.status, 300)
        self.assertTrue(reply.headers['x-influxdb-version'])

    def test_write(self):
        for precision, stamp in (('n', '$ns'), ('ms', '$ms'), ('s', '$s'), ('u', '$us')):
            reply = self.request('POST', f'/write?db=express_db&p=root&precision={precision}&rp=&u=root',
                                 f'response_times,host=app\\ 1,unit={precision} duration=23i,path="/" {stamp}\n'
                                 f'response_times,host=app\\ 2,unit={precision} duration=42i,path="/" {stamp}')
            self.assertLess(reply.status, 300)
            self.serves('response_times_duration', 42, host='app 2', unit=precision)

    def test_a_bad_line(self):
        """The body stands in the message of the RequestError; the host stays in use."""
        reply = self.request('POST', '/write?db=express_db&p=root&precision=n&rp=&u=root', 'response_times duration=\n')
        self.assertEqual(reply.status, 400)
        self.assertIn('unable to parse', self.read_json(reply)['error'])
