"""Snapshot groups, as a nightly job and its operator meet them."""
import json
import os
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import exposition
import fluxgate_process
import http_connection
import readme_text
import wait

OWN = '/metrics/exporter'
RULES = os.path.join(readme_text.ROOT, 'deploy', 'reports', 'host-report.yaml')
REPORT = '''Mem:        1863756      665300      157580
date: Sun Jun 26 22:08:31 EDT 2022
computer: lenovo
disk: /dev/sda1 27G 22G 3.6G 86% /
'''
WRITE_PATHS = ('/write?db=d', '/api/v2/write?bucket=d', '/api/v3/write_lp?db=d', '/upload?db=d')


class GroupsTest(unittest.TestCase):
    def start(self, *flags):
        return self.enterContext(fluxgate_process.Fluxgate(*flags))

    def samples(self, bridge, page='/metrics'):
        return exposition.read_text(bridge.scrape(page).body)

    def value(self, bridge, name, page='/metrics', **labels):
        return exposition.value_of(self.samples(bridge, page), name, **labels)

    def names(self, bridge):
        """The pushed series that are shown: `a_x` or `m_x{t}`."""
        return sorted(name for name, _ in self.samples(bridge) if not name.startswith(('influxdb_', 'udp_')))

    def groups(self, bridge):
        reply = bridge.request('GET', '/groups')
        self.assertEqual((reply.status, reply.headers['Content-Type']), (200, 'application/json; charset=utf-8'))
        return {group['name']: group for group in json.loads(reply.body)['groups']}

    def test_a_nightly_report_by_curl(self):
        bridge = self.start(f'--upload.config={RULES}', '--influxdb.sample-expiry=1s')
        folder = self.enterContext(tempfile.TemporaryDirectory())
        url = f'http://127.0.0.1:{bridge.port}/data.cgi?group=nightly'
        for report in (REPORT, REPORT.replace('disk:', 'rpm: 104\ndisk:').replace('Mem:', 'Swap:')):
            with open(os.path.join(folder, 'data.txt'), 'w', encoding='ascii') as file:
                file.write(report)
            subprocess.run(['curl', '-sSf', url, '-F', 'data=@data.txt'], check=True, stdout=subprocess.DEVNULL, timeout=60,
                           cwd=folder)
            has_mem = report == REPORT
            self.assertEqual('mem_total' in self.names(bridge), has_mem)
            self.assertEqual('swap_total' in self.names(bridge), not has_mem)
        # It outlives the samples that came with it.
        bridge.write('plain x=1\n')
        wait.eventually(lambda: 'plain_x' not in self.names(bridge), 'plain_x stays')
        self.assertEqual(self.value(bridge, 'fan_rpm', host='lenovo'), 104)

    def test_every_write_path_takes_a_snapshot(self):
        for path in WRITE_PATHS:
            with self.subTest(path=path):
                bridge = self.start()
                self.assertIn(bridge.write('a x=1\nb x=1\n', path + '&group=g').status, (200, 204))
                self.assertIn(bridge.write('b x=2 1\nc x=2 1\n', path + '&group=g').status, (200, 204))
                self.assertEqual(self.names(bridge), ['b_x', 'c_x'])
                self.assertEqual(bridge.write('d x=1\nbad\n', path + '&group=g').status, 400)
                self.assertEqual(self.names(bridge), ['b_x', 'c_x', 'd_x'])
                self.assertIn(bridge.write('', path + '&group=g').status, (200, 204))
                self.assertEqual(self.names(bridge), [])

    def test_the_list_and_delete(self):
        bridge = self.start()
        self.assertEqual(self.groups(bridge), {})
        name = 'every night/ü'
        encoded = urllib.parse.quote(name, safe='')
        begun = time.time()
        bridge.write('a x=1,y=2\n', f'/write?db=d&ttl=90m&group={encoded}')
        group = self.groups(bridge)[name]
        self.assertEqual((group['series'], group['ttl_seconds']), (2, 5400))
        completed = self.value(bridge, 'fluxgate_group_last_complete_timestamp_seconds', OWN, group=name)
        self.assertLess(abs(completed - begun), 60)
        shown = time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(completed))
        self.assertTrue(group['last_complete'].startswith(shown), (group, shown))
        self.assertEqual(self.value(bridge, 'fluxgate_groups', OWN), 1)
        self.assertEqual(bridge.request('DELETE', '/groups/none').status, 404)
        self.assertEqual(json.loads(bridge.request('DELETE', '/groups/none').body), {'error': 'no such group'})
        self.assertEqual(bridge.request('DELETE', f'/groups/{encoded}').status, 204)
        self.assertEqual((self.names(bridge), self.groups(bridge)), ([], {}))
        self.assertEqual(self.value(bridge, 'fluxgate_groups', OWN), 0)

    def test_a_ttl_of_its_own_and_the_flag(self):
        bridge = self.start('--influxdb.group-expiry=2h')
        bridge.write('a x=1\n', '/write?db=d&group=flag')
        bridge.write('b x=1\n', '/write?db=d&group=short&ttl=500ms')
        self.assertEqual(self.groups(bridge)['flag']['ttl_seconds'], 7200)
        wait.eventually(lambda: self.names(bridge) == ['a_x'], 'b_x stays')
        wait.eventually(lambda: list(self.groups(bridge)) == ['flag'], 'the expired group is still listed')

    def test_bad_parameters_in_the_shape_of_their_api(self):
        bridge = self.start()
        for query in ('&group=', '&group=g&ttl=soon', '&group=g&ttl=0', '&ttl=5m', '&group=%FF', '&group=' + 'x' * 201):
            for path in WRITE_PATHS:
                reply = bridge.write('a x=1\n', path + query)
                self.assertEqual(reply.status, 400, path + query)
                self.assertIn('message' if 'v2' in path else 'error', json.loads(reply.body))
        self.assertEqual((self.names(bridge), self.groups(bridge)), ([], {}))

    def test_too_many_groups(self):
        bridge = self.start()
        with http_connection.Connection(bridge.port) as connection:
            for number in range(1000):
                status = connection.request('POST', f'/write?db=d&group=g{number}', b'a x=1\n').status
                self.assertEqual(status, 204)
            reply = connection.request('POST', '/api/v2/write?bucket=d&group=more', b'b x=1\n')
            self.assertEqual((reply.status, json.loads(reply.body)['message']), (400, 'too many groups'))
            self.assertEqual(connection.request('POST', '/write?db=d&group=g7', b'a x=2\n').status, 204)
        self.assertEqual(self.value(bridge, 'fluxgate_groups_refused_total', OWN), 1)
        self.assertIn('group_limit', bridge.request('GET', '/status/rejections').body.decode())
        self.assertEqual(self.names(bridge), ['a_x'])

    def test_a_body_that_is_cut_off_takes_nothing_away(self):
        bridge = self.start()
        bridge.write('a x=1\n', '/write?db=d&group=g')
        with http_connection.Connection(bridge.port) as connection:
            lines = b'b x=1\n' * 20000
            connection.send(b'POST /write?db=d&group=g HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n' + lines)
            wait.eventually(lambda: 'b_x' in self.names(bridge), 'the first lines are not shown')
            # One that comes while it is on its way leaves it what it has.
            bridge.write('c x=1\n', '/write?db=d&group=g')
            self.assertEqual(self.names(bridge), ['b_x', 'c_x'])
        # Its series go with the next body behind it.
        wait.eventually(lambda: bridge.write('c x=2\n', '/write?db=d&group=g') and self.names(bridge) == ['c_x'], 'b_x stays')

    def test_an_ordinary_write_takes_over(self):
        bridge = self.start()
        bridge.write('a x=1,y=1\n', '/write?db=d&group=g')
        bridge.write('a x=2\n')
        self.assertEqual(self.groups(bridge)['g']['series'], 1)
        bridge.write('', '/write?db=d&group=g')
        self.assertEqual(self.names(bridge), ['a_x'])
