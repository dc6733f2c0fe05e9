"""What old clients ask over /query: influxdb-python's calls, and curl in every form of request."""
import json
import subprocess
import unittest

import influxdb

from fluxgate_process import SANITIZED, Fluxgate

MULTIPART = (b'--B\r\nContent-Disposition: form-data; name="q"\r\n\r\nSHOW DATABASES\r\n--B--\r\n',
             {'Content-Type': 'multipart/form-data; boundary=B'})


class ClientTest(unittest.TestCase):
    def setUp(self):
        self.bridge = self.enterContext(Fluxgate())
        self.client = influxdb.InfluxDBClient('127.0.0.1', self.bridge.port, 'user', 'secret', 'mine', gzip=True)
        self.addCleanup(self.client.close)

    def test_handshake(self):
        self.assertRegex(self.client.ping(), r'^\d+\.\d+')
        self.assertEqual(self.client.get_list_database(), [])
        self.client.create_database('mine')
        self.client.create_database('other')
        self.assertEqual(self.client.get_list_database(), [{'name': 'mine'}, {'name': 'other'}])
        self.client.drop_database('other')
        self.assertEqual(self.client.get_list_database(), [{'name': 'mine'}])

    def test_retention_policies(self):
        self.client.create_database('mine')
        self.client.create_retention_policy('short', '3d', '1', default=True)
        self.client.alter_retention_policy('short', duration='4d')
        policies = {policy['name']: policy for policy in self.client.get_list_retention_policies('mine')}
        self.assertEqual(policies['short']['duration'], '96h0m0s')
        self.assertEqual(policies['short']['replicaN'], 1)
        self.assertTrue(policies['short']['default'])
        self.assertFalse(policies['autogen']['default'])
        self.client.drop_retention_policy('short', 'mine')
        self.assertEqual([policy['name'] for policy in self.client.get_list_retention_policies('mine')], ['autogen'])

    def test_users(self):
        self.client.create_database('mine')
        self.client.create_user('someone', 'secret', admin=True)
        self.client.grant_privilege('all', 'mine', 'someone')
        self.client.set_user_password('someone', 'other')
        self.assertEqual(self.client.get_list_users(), [{'user': 'someone', 'admin': True}])
        self.client.revoke_admin_privileges('someone')
        self.assertEqual(self.client.get_list_users(), [{'user': 'someone', 'admin': False}])
        self.client.drop_user('someone')
        with self.assertRaises(influxdb.exceptions.InfluxDBClientError):
            self.client.drop_user('someone')

    def test_what_was_written_is_found(self):
        self.client.write_points([
            {'measurement': 'cpu', 'tags': {'host': 'a'}, 'fields': {'usage': 1.5, 'on': True}},
            {'measurement': 'cpu', 'tags': {'host': 'b'}, 'fields': {'usage': 2.5, 'count': 3}},
            {'measurement': 'mem', 'tags': {'host': 'a', 'kind': 'ram'}, 'fields': {'used': 7}}])
        self.assertEqual(self.client.get_list_measurements(), [{'name': 'cpu'}, {'name': 'mem'}])
        self.assertEqual(self.client.get_list_series(),
                         ['cpu,host=a', 'cpu,host=b', 'mem,host=a,kind=ram'])
        rows = list(self.client.query("SELECT * FROM cpu WHERE host = 'a'").get_points('cpu'))
        self.assertEqual([(row['host'], row['usage'], row['on'], row['count']) for row in rows], [('a', 1.5, 1, None)])
        rows = list(self.client.query('SELECT usage FROM cpu', epoch='s').get_points())
        self.assertEqual(sorted(row['usage'] for row in rows), [1.5, 2.5])
        self.assertIsInstance(rows[0]['time'], int)
        chunked = self.client.query('SELECT usage FROM cpu', chunked=True, chunk_size=1)
        self.assertEqual([len(list(result.get_points())) for result in chunked], [1, 1])
        values = self.client.query('SHOW TAG VALUES WITH KEY = kind')
        self.assertEqual(list(values.get_points('mem')), [{'key': 'kind', 'value': 'ram'}])
        self.assertEqual(list(self.client.query('SELECT mean(usage) FROM cpu').get_points()), [])
        with self.assertRaisesRegex(influxdb.exceptions.InfluxDBClientError, 'error parsing query: found EOF'):
            self.client.query('SELECT * FROM')
        with self.assertRaisesRegex(influxdb.exceptions.InfluxDBClientError, 'database not found: none'):
            self.client.query('SELECT * FROM cpu', database='none')


class RequestTest(unittest.TestCase):
    def setUp(self):
        self.bridge = self.enterContext(Fluxgate())
        self.bridge.write(b'm,t=a v=1', '/write?db=mine')
        self.url = f'http://127.0.0.1:{self.bridge.port}/query'

    def curl(self, *arguments):
        return subprocess.run(['curl', '-sS', '--max-time', '60', *arguments], check=True, stdout=subprocess.PIPE).stdout

    def test_every_form_of_request(self):
        databases = [['mine']]
        for arguments in (('-G', self.url, '--data-urlencode', 'q=SHOW DATABASES'),
                          (self.url, '--data-urlencode', 'q=SHOW DATABASES'),
                          ('-XPOST', self.url + '?q=SHOW+DATABASES'),
                          (self.url, '-F', 'q=SHOW DATABASES'),
                          (self.url + '?q=SHOW+USERS', '-d', 'q=SHOW DATABASES'),
                          (self.url + '?q=SHOW+DATABASES', '-H', 'Content-Type: text/plain', '-d', 'q=SHOW USERS'),
                          ('-XGET', self.url + '?q=SHOW+DATABASES', '-d', 'q=SHOW USERS')):
            reply = json.loads(self.curl(*arguments))
            self.assertEqual(reply['results'][0]['series'][0]['values'], databases, arguments)

    def test_csv(self):
        self.assertEqual(self.curl(self.url + '?q=SHOW+DATABASES', '-H', 'Accept: application/csv'),
                         b'name,tags,name\ndatabases,,mine\n')

    def test_multipart_of_any_cut(self):
        body, headers = MULTIPART
        self.assertIn(b'"mine"', self.bridge.request('POST', '/query', body, headers).body)
        self.assertEqual(self.bridge.request('POST', '/query', body[:30], headers).status, 400)

    def test_a_large_answer_is_cut_and_memory_returns(self):
        for part in range(20):
            lines = ''.join(f'wide,host={part}-{number:06d},text={"x" * 100} v=1\n' for number in range(5000))
            self.assertEqual(self.bridge.write(lines.encode(), '/write?db=mine').status, 204)
        before = self.bridge.memory()
        for _ in range(5):
            reply = self.bridge.request('GET', '/query?db=mine&q=SHOW+SERIES%3BSELECT+*+FROM+wide')
            self.assertLess(len(reply.body), 5 << 20)
            self.assertTrue(json.loads(reply.body)['results'][0]['series'][0]['partial'])
        self.assertLess(self.bridge.memory() - before, (40 if not SANITIZED else 800) << 20)


if __name__ == '__main__':
    unittest.main()
