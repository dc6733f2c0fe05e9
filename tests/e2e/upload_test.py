"""Files that are uploaded as old CGI scripts took them, by curl and byte by byte."""
import gzip
import json
import os
import subprocess
import tempfile
import unittest

import exposition
import fluxgate_process
import readme_text

HOST_REPORT = '''Mem:        1863756      665300      157580
Swap:       2720764       24832     2695932
load_average: 0.16 0.08 0.08 1/460 32100
rpm: 104
date: Sun Jun 26 22:08:31 EDT 2022
computer: lenovo120S.private.org
disk: /dev/sda1 27G 22G 3.6G 86% /
'''
HOST = 'lenovo120S.private.org'
RULES = os.path.join(readme_text.ROOT, 'deploy', 'reports', 'host-report.yaml')
OWN = '/metrics/exporter'


class UploadTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def start(self, *flags):
        return self.enterContext(fluxgate_process.Fluxgate(*flags))

    def file(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def curl(self, bridge, path, *arguments):
        """Status and parsed reply of one curl."""
        done = subprocess.run(['curl', '-sS', '-w', '\n%{http_code}', f'http://127.0.0.1:{bridge.port}{path}', *arguments],
                              check=True, stdout=subprocess.PIPE, timeout=60, cwd=self.folder)
        body, _, status = done.stdout.decode().rpartition('\n')
        return int(status), json.loads(body)

    def value(self, bridge, name, page='/metrics', **labels):
        return exposition.value_of(exposition.read_text(bridge.scrape(page).body), name, **labels)

    def test_the_host_report_by_a_plain_curl_form(self):
        bridge = self.start(f'--upload.config={RULES}', '--timestamps')
        self.file('data.txt', HOST_REPORT)
        status, reply = self.curl(bridge, '/data.cgi', '-F', 'data=@data.txt')
        self.assertEqual(status, 200, reply)
        [part] = reply['parts']
        self.assertEqual((part['name'], part['filename'], part['format'], part['points'], part['rejected']),
                         ('data', 'data.txt', 'report', 5, 0))
        self.assertEqual(self.value(bridge, 'mem_total', host=HOST), 1863756)
        self.assertEqual(self.value(bridge, 'swap_used', host=HOST), 24832)
        self.assertEqual(self.value(bridge, 'load_load1', host=HOST), 0.16)
        self.assertEqual(self.value(bridge, 'fan_rpm', host=HOST), 104)
        disk = {'host': HOST, 'device': '/dev/sda1', 'path': '/'}
        self.assertEqual(self.value(bridge, 'disk_size', **disk), 27 * 2 ** 30)
        self.assertEqual(self.value(bridge, 'disk_used_percent', **disk), 86)
        self.assertIn(f'fan_rpm{{host="{HOST}"}} 104 1656295711000\n', bridge.scrape().body.decode())

    def test_several_files_of_all_forms_in_one_form(self):
        bridge = self.start(f'--upload.config={RULES}')
        self.file('lines', 'cpu,host=a v=1\nbad\n')
        self.file('zipped', gzip.compress(b'zipped v=2\n'))
        self.file('table.csv', '#datatype measurement,tag,long,dateTime:RFC3339\nm,host,v,time\ncsv,a,3,2020-01-01T00:00:00Z\n')
        self.file('export', '# DDL\nCREATE DATABASE x\n# DML\n# CONTEXT-DATABASE:x\nexported v=4 1500000000000000000\n')
        status, reply = self.curl(bridge, '/upload?db=test', '-F', 'one=@lines', '-F', 'two=@zipped', '-F', 'a=@table.csv',
                                  '-F', 'a=@export', '-F', 'text=<lines')
        self.assertEqual(status, 400)
        self.assertEqual([part['format'] for part in reply['parts']],
                         ['line_protocol', 'line_protocol', 'annotated_csv', 'export', 'line_protocol'])
        self.assertEqual((reply['points'], reply['rejected']), (5, 2))
        self.assertEqual(reply['parts'][0]['errors'], [{'line': 2, 'error': "unable to parse 'bad': missing fields"}])
        self.assertEqual([self.value(bridge, name) for name in ('zipped_v', 'exported_v')], [2, 4])
        self.assertEqual(self.value(bridge, 'csv_v', host='a'), 3)
        self.assertEqual(self.value(bridge, 'cpu_v', host='a'), 1)
        self.assertEqual(self.value(bridge, 'fluxgate_lines_rejected_total', OWN, reason='missing_fields'), 2)
        self.assertIn('"bad"', bridge.request('GET', '/status/rejections').body.decode())

    def test_a_raw_body_by_put_and_post_with_and_without_a_type(self):
        bridge = self.start()
        path = self.file('data', 'cpu v=1 1500000000\n')
        for arguments in (['-T', path], ['--data-binary', f'@{path}'], ['-X', 'PUT', '--data-binary', f'@{path}', '-H', 'Content-Type:']):
            status, reply = self.curl(bridge, '/upload?name=nightly&db=test', *arguments)
            self.assertEqual((status, reply['parts'][0]['name'], reply['points']), (200, 'nightly', 1), arguments)
        self.assertEqual(self.value(bridge, 'cpu_v'), 1)
        self.assertEqual(self.value(bridge, 'fluxgate_requests_total', OWN, protocol='upload', database='test'), 3)

    def test_a_large_form_keeps_memory_small(self):
        bridge = self.start('--web.max-body-size=200MiB')
        self.curl(bridge, '/upload', '-F', 'a=<' + self.file('warm', 'cpu v=1\n'))
        path = self.file('large', b''.join(b'cpu,host=h%d v=%d\n' % (i % 100, i) for i in range(2_000_000)))
        before = bridge.memory('VmHWM')
        status, reply = self.curl(bridge, '/upload', '-F', f'data=@{path}')
        self.assertEqual((status, reply['points']), (200, 2_000_000))
        if not fluxgate_process.SANITIZED:
            self.assertLess(bridge.memory('VmHWM') - before, 4 << 20)

    def test_own_paths_and_methods(self):
        bridge = self.start('--upload.path=/cgi-bin/report', '--upload.path=/files')
        path = self.file('data', 'cpu v=1\n')
        for own in ('/cgi-bin/report', '/files'):
            self.assertEqual(self.curl(bridge, own, '-F', f'data=@{path}')[0], 200)
        self.assertEqual(bridge.request('POST', '/upload', 'cpu v=1').status, 404)
        refused = bridge.request('GET', '/files')
        self.assertEqual((refused.status, refused.headers['Allow']), (405, 'OPTIONS, POST, PUT'))

    def test_a_form_without_a_boundary_and_one_that_breaks_off(self):
        bridge = self.start()
        self.assertEqual(bridge.request('POST', '/upload', 'x', {'Content-Type': 'multipart/form-data'}).status, 400)
        broken = bridge.request('POST', '/upload', b'--B\r\n\r\ncpu v=1\nmem v=2', {'Content-Type': 'multipart/form-data; boundary=B'})
        self.assertEqual(broken.status, 400)
        self.assertEqual(json.loads(broken.body)['points'], 1)
        self.assertEqual(self.value(bridge, 'cpu_v'), 1)

    def test_a_bad_rule_stops_the_start(self):
        path = self.file('rules.yaml', 'rules:\n- name: swap\n  pattern: "Swap: (x"\n  ignore: true\n')
        done = subprocess.run([fluxgate_process.BINARY, f'--upload.config={path}', '--web.listen-address=127.0.0.1:0'],
                              check=False, timeout=60, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn('rule \\"swap\\": pattern, position 7', done.stderr)

    def test_a_folder_as_rules_stops_the_start(self):
        done = subprocess.run([fluxgate_process.BINARY, f'--upload.config={self.folder}', '--web.listen-address=127.0.0.1:0'],
                              check=False, timeout=60, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f'{self.folder}: Is a directory', done.stderr)

    def test_explain_reads_the_same_forms(self):
        path = self.file('report.gz', gzip.compress(HOST_REPORT.encode()))
        done = subprocess.run([fluxgate_process.BINARY, 'explain', f'--upload.config={RULES}', path], check=False, timeout=60,
                              stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertEqual([json.loads(line)['measurement'] for line in done.stdout.splitlines()],
                         ['mem', 'swap', 'load', 'fan', 'disk'])
