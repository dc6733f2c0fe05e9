"""k6's InfluxDB output: grafana/k6, output/influxdb/output.go, over the Go client of 1.x; and its branch for 2.x
(pull request 2110), which asks /health for the version and goes the way of 1.x or 2.x."""
import json

import wire

CREDENTIALS = 'Authorization: Token me:secret'
BRANCH = '''
    Host: $host
    User-Agent: influxdb-client-go/2.5.0  (linux; amd64)
    '''.rstrip()


class K6(wire.WriterTest):
    def test_output_of_1x(self):
        """MakeClient, then CREATE DATABASE, whose failure is only told, and a batch per second."""
        reply = self.send('''
            POST /query?db=&params=%7B%7D&q=CREATE+DATABASE+myk6db HTTP/1.1
            Host: $host
            User-Agent: k6
            Content-Length: 0
            Content-Type: $empty
            Accept-Encoding: gzip
            ''')
        self.assertEqual(reply.status, 200)
        self.assertNotIn('error', self.read_json(reply)['results'][0])
        reply = self.send('''
            POST /write?consistency=&db=myk6db&precision=ns&rp= HTTP/1.1
            Host: $host
            User-Agent: k6
            Content-Length: $length
            Content-Type: $empty
            Accept-Encoding: gzip
            ''', 'http_reqs,method=GET,name=http://test.k6.io,status=200 url="http://test.k6.io",value=1 $ns\n'
                 'vus value=1,vus_max=10 $ns\n')
        self.assertIn(reply.status, {200, 204})
        self.serves('http_reqs', 1, method='GET', name='http://test.k6.io', status='200')
        self.serves('vus_vus_max', 10)

    def get(self, path):
        return self.read_json(self.send(f'GET {path} HTTP/1.1{BRANCH}\n{CREDENTIALS}\nAccept-Encoding: gzip'))

    def post(self, path, body, content_type='application/json'):
        return self.send(f'''
            POST {path} HTTP/1.1{BRANCH}
            Content-Length: $length
            {CREDENTIALS}
            Content-Type: {content_type}
            Accept-Encoding: gzip
            ''', body)

    def write(self, bucket):
        reply = self.post(f'/api/v2/write?bucket={bucket}&org=acme&precision=ns', f'iterations,bucket={bucket} value=5 $ns\n', 'text/plain')
        self.assertEqual(reply.status, 204)
        self.serves('iterations', 5, bucket=bucket)

    def test_branch_that_meets_1x(self):
        health = self.get('/health')
        self.assertEqual(health['status'], 'pass')
        self.assertRegex(health['version'], r'^v?1\.')
        self.assertEqual(self.post('/query', 'q=CREATE+DATABASE+k6one', 'application/x-www-form-urlencoded').status, 200)
        self.write('k6one')

    def test_branch_that_meets_2x(self):
        self.start('--influxdb.reported-version=2.7.10')
        self.assertRegex(self.get('/health')['version'], r'^v?2\.')
        self.assertEqual(self.get('/api/v2/buckets?name=k6two')['buckets'], [])
        [org] = self.get('/api/v2/orgs?org=acme')['orgs']
        made = self.post('/api/v2/buckets', json.dumps({'name': 'k6two', 'orgID': org['id'], 'retentionRules': []}))
        self.assertEqual(made.status, 201)
        self.write('k6two')
