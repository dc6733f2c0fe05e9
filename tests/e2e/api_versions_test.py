"""The 2.x and 3.x APIs, paths as proxies leave them, CORS and credentials, as clients use them."""
import base64
import gzip
import json
import subprocess
import unittest

import exposition
import fluxgate_process


class ApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate('--influxdb.max-atomic-size=1MiB'))

    def ask(self, method, path, body=None, headers=None, bridge=None):
        reply = (bridge or self.bridge).request(method, path, body, headers)
        return reply.status, json.loads(reply.body) if reply.body else None

    def value(self, name, **labels):
        return exposition.value_of(exposition.read_text(self.bridge.scrape().body), name, **labels)


class V2Test(ApiTest):
    def test_probes(self):
        self.assertEqual(self.ask('GET', '/api/v2/ping')[0], 204)
        self.assertEqual(self.ask('GET', '/api/v2/health')[1]['status'], 'pass')
        self.assertEqual(self.ask('GET', '/api/v2/ready')[1]['status'], 'ready')
        self.assertEqual(self.ask('GET', '/api/v2/setup'), (200, {'allowed': False}))
        status, error = self.ask('POST', '/api/v2/setup', '{}')
        self.assertEqual((status, error['code']), (422, 'conflict'))

    def test_a_client_that_makes_its_bucket_first(self):
        """As k6's 2.x output does."""
        token = {'Authorization': 'Token secret'}
        [org] = self.ask('GET', '/api/v2/orgs?org=acme', headers=token)[1]['orgs']
        self.assertRegex(org['id'], '^[0-9a-f]{16}$')
        self.assertEqual(self.ask('GET', '/api/v2/buckets?name=k6', headers=token)[1]['buckets'], [])
        wanted = json.dumps({'name': 'k6', 'orgID': org['id'], 'retentionRules': []})
        status, made = self.ask('POST', '/api/v2/buckets', wanted, token)
        self.assertEqual((status, made['name'], made['orgID']), (201, 'k6', org['id']))
        self.assertRegex(made['id'], '^[0-9a-f]{16}$')
        [found] = self.ask('GET', f'/api/v2/buckets?name=k6&orgID={org["id"]}', headers=token)[1]['buckets']
        self.assertEqual(found, made)
        self.assertEqual(self.ask('POST', '/api/v2/buckets', wanted, token)[0], 422)
        self.assertEqual(self.ask('POST', '/api/v2/write?org=acme&bucket=k6', 'k6 value=1', token)[0], 204)
        self.assertIn('k6', [bucket['name'] for bucket in self.ask('GET', '/api/v2/buckets?limit=100')[1]['buckets']])

    def test_errors_name_their_code_in_a_header(self):
        for method, path, status, code in (('GET', '/api/v2/nope', 404, 'not found'), ('GET', '/api/v2/write', 405, 'method not allowed'),
                                           ('GET', '/api/v2/buckets?name=none&org=o', 404, 'not found'),
                                           ('POST', '/api/v2/buckets', 400, 'invalid'), ('POST', '/api/v2/write?precision=x', 400, 'invalid')):
            reply = self.bridge.request(method, path, b'')
            self.assertEqual((reply.status, reply.headers['X-Platform-Error-Code']), (status, code), path)
            self.assertEqual(json.loads(reply.body)['code'], code)

    def test_queries_have_an_empty_result(self):
        reply = self.bridge.request('POST', '/api/v2/query?org=o', '{"query":"buckets()"}', {'Content-Type': 'application/json'})
        self.assertEqual((reply.status, reply.headers['Content-Type'], reply.body), (200, 'text/csv; charset=utf-8', b''))


class V3Test(ApiTest):
    PATH = '/api/v3/write_lp?db=sensors'

    def test_writes(self):
        for query in ('', '&precision=auto', '&precision=second', '&no_sync=true', '&accept_partial=true', '&accept_partial=false'):
            self.assertEqual(self.ask('POST', self.PATH + query, 'three,q=a value=1')[0], 204, query)
        body = gzip.compress(b'three,q=gzip value=2u\n')
        self.assertEqual(self.ask('POST', self.PATH, body, {'Content-Encoding': 'gzip'})[0], 204)
        self.assertEqual(self.value('three', q='gzip'), 2)

    def test_partial_writes_tell_each_bad_line(self):
        status, error = self.ask('POST', self.PATH, 'kept value=1\nthis line is no line protocol at all\n\nm value=x\n')
        self.assertEqual((status, error['error']), (400, 'partial write of line protocol occurred'))
        self.assertEqual([(line['line_number'], line['original_line']) for line in error['data']],
                         [(2, 'this line is no line'), (4, 'm value=x')])
        self.assertTrue(all(line['error_message'] for line in error['data']))
        self.assertEqual(self.value('kept'), 1)

    def test_atomic_writes(self):
        path = self.PATH + '&accept_partial=false'
        good = b''.join(b'atomic,n=%d value=1\n' % n for n in range(5000))
        status, error = self.ask('POST', path, good + b'bad\n')
        self.assertEqual((status, error['data']['original_line'], error['data']['line_number']), (400, 'bad', 5001))
        self.assertNotIn(b'atomic', self.bridge.scrape().body)
        status, error = self.ask('POST', path, b'atomic value=1\n' * 100000)
        self.assertEqual((status, list(error)), (413, ['error']))
        self.assertNotIn(b'atomic', self.bridge.scrape().body)
        self.assertEqual(self.ask('POST', path, good)[0], 204)
        self.assertEqual(self.value('atomic', n='4999'), 1)

    def test_what_it_does_not_do(self):
        self.assertEqual(self.ask('POST', '/api/v3/query_sql', '{"db":"d","q":"SELECT 1"}')[0], 501)
        self.assertEqual(self.ask('GET', '/api/v3/query_sql?db=d&q=SELECT+1')[0], 501)
        self.assertEqual(self.ask('POST', self.PATH + '&precision=eon', 'm value=1')[0], 400)

    def test_ping(self):
        status, answer = self.ask('POST', '/ping')
        self.assertEqual((status, sorted(answer)), (200, ['process_id', 'product_name', 'revision', 'version']))
        self.assertEqual(self.ask('POST', '/ping')[1]['process_id'], answer['process_id'])
        self.assertEqual(self.ask('GET', '/ping')[0], 204)


class PathsTest(ApiTest):
    def test_slashes_and_prefixes(self):
        for path in ('/write/?db=d', '//write?db=d', '/influx/write?db=d', '/a/b/c/write/?db=d', '/influx/api/v2/write?bucket=b',
                     '/influx/api/v3/write_lp?db=d'):
            self.assertEqual(self.ask('POST', path, 'paths value=1')[0], 204, path)
        for path, status in (('/influx/ping', 204), ('/influx/health', 200), ('/influx/query?q=SHOW+DATABASES', 200),
                             ('/metrics/', 200), ('/influx/metrics', 404), ('/api/v1/prom/write', 404)):
            self.assertEqual(self.bridge.request('GET', path).status, status, path)

    def test_errors_below_a_prefix_have_the_shape_of_their_api(self):
        self.assertEqual(self.ask('POST', '/influx/api/v2/write?bucket=b', 'bad')[1]['code'], 'invalid')
        self.assertIn('data', self.ask('POST', '/influx/api/v3/write_lp?db=d', 'bad')[1])

    def test_route_prefix(self):
        bridge = self.enterContext(fluxgate_process.Fluxgate('--web.route-prefix=/gate/'))
        self.assertEqual(self.ask('POST', '/gate/write?db=d', 'm value=1', bridge=bridge)[0], 204)
        self.assertIn(b'\nm 1\n', bridge.scrape('/gate/metrics').body)
        for path in ('/write?db=d', '/gate/influx/write?db=d', '/gatewrite'):
            self.assertEqual(self.ask('POST', path, 'm value=1', bridge=bridge)[0], 404, path)
        self.assertEqual(bridge.request('GET', '/metrics').status, 404)
        self.assertIn(b'href="/gate/metrics"', bridge.request('GET', '/gate/').body)
        healthcheck = subprocess.run([fluxgate_process.BINARY, f'--web.listen-address=127.0.0.1:{bridge.port}',
                                      '--web.route-prefix=/gate/', 'healthcheck'], check=False)
        self.assertEqual(healthcheck.returncode, 0)


class CorsTest(ApiTest):
    def test_as_influxdb(self):
        reply = self.bridge.request('OPTIONS', '/write?db=d', headers={'Origin': 'http://page'})
        self.assertEqual((reply.status, reply.body, reply.headers['Content-Length']), (200, b'', '0'))
        self.assertEqual(reply.headers['Access-Control-Allow-Origin'], 'http://page')
        self.assertEqual(reply.headers['Access-Control-Allow-Methods'], 'DELETE, GET, OPTIONS, POST, PUT')
        self.assertIn('Authorization', reply.headers['Access-Control-Allow-Headers'])
        self.assertIn('X-InfluxDB-Version', reply.headers['Access-Control-Expose-Headers'])
        for method, path, body in (('POST', '/write?db=d', b'm value=1'), ('POST', '/write?db=d', b'bad'), ('GET', '/ping', None)):
            reply = self.bridge.request(method, path, body, {'Origin': 'http://page'})
            self.assertEqual(reply.headers['Access-Control-Allow-Origin'], 'http://page')
        self.assertIsNone(self.bridge.request('GET', '/ping').headers['Access-Control-Allow-Origin'])
        self.assertIsNone(self.bridge.request('GET', '/metrics', headers={'Origin': 'http://page'}).headers['Access-Control-Allow-Origin'])


class CredentialsTest(ApiTest):
    def test_every_form_is_accepted_and_none_is_needed(self):
        basic = base64.b64encode(b'user:pa:ss').decode()
        forms = [{}, *({'Authorization': text} for text in (
            'Basic ' + basic, 'basic ' + basic, 'Token secret', 'Token user:pass', 'Token ', 'Bearer ey.J.x', 'Basic !', 'Unknown x', ''))]
        for headers in forms:
            for path in ('/write?db=d', '/write?db=d&u=user&p=pass', '/api/v2/write?bucket=b&org=o', '/api/v3/write_lp?db=d'):
                self.assertEqual(self.ask('POST', path, 'trusted value=1', headers)[0], 204, (headers, path))
            self.assertEqual(self.ask('GET', '/query?q=SHOW+DATABASES&u=user&p=pass', headers=headers)[0], 200)
            self.assertEqual(self.bridge.request('GET', '/metrics', headers=headers).status, 200)

    def test_with_curl(self):
        for credentials in (['-u', 'user:pass'], ['-H', 'Authorization: Token user:pass'], ['--oauth2-bearer', 'token']):
            done = subprocess.run(['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', *credentials, '--data-binary', 'curled value=1',
                                   f'http://127.0.0.1:{self.bridge.port}/write?db=d'], capture_output=True, check=True)
            self.assertEqual(done.stdout, b'204')
