"""`fluxgate explain` as people and scripts call it."""
import base64
import collections
import json
import os
import random
import subprocess
import tempfile
import threading
import time
import unittest

import exposition
import fluxgate_process
from hostile_lines import hostile_lines

NOW = 1_700_000_000_000_000_000
SECONDS_MAX = 120
MEBIBYTE = 1 << 20
BIG_INPUT = (10 if fluxgate_process.SANITIZED else 100) * MEBIBYTE
BIG_MEMORY_MAX = 32 * MEBIBYTE if not fluxgate_process.SANITIZED else 1024 * MEBIBYTE
KEYS = ['line', 'ok', 'measurement', 'tags', 'fields', 'time_ns', 'samples', 'dropped']
OUR_NAMES = {'influxdb_exporter_build_info', 'influxdb_last_push_timestamp_seconds', 'influxdb_udp_parse_errors_total'}
ERROR_KEYS = ['line', 'ok', 'error', 'column']

Outcome = collections.namedtuple('Outcome', 'code lines errors')


def explain(*arguments, given=b'', **environment):
    """The exit code, the objects that were printed and standard error; a repeated key in an object is an error."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith('FLUXGATE_')}
    done = subprocess.run([fluxgate_process.BINARY, 'explain', *arguments], input=given, check=False, timeout=SECONDS_MAX,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**clean, **environment})
    text = done.stdout.decode('utf-8')
    assert not text or text.endswith('\n')
    return Outcome(done.returncode, [parsed(line) for line in text.split('\n')[:-1]], done.stderr.decode('utf-8'))


def parsed(line):
    def pairs(members):
        assert len({key for key, _ in members}) == len(members), f'a key twice: {line}'
        return dict(members)
    return json.loads(line, object_pairs_hook=pairs)


def explain_one(line, *arguments):
    outcome = explain(f'--now-ns={NOW}', *arguments, given=line)
    assert len(outcome.lines) == 1, outcome
    return outcome.lines[0]


class Explain(unittest.TestCase):
    def test_the_examples_of_the_specification(self):
        given = b'cpu,host=a value=1.5,n=3i,s="x" 1700000000000000000\nmemory\n'
        outcome = explain(f'--now-ns={NOW}', given=given)
        self.assertEqual(outcome.code, 1)
        self.assertEqual(outcome.errors, '')
        good, bad = outcome.lines
        self.assertEqual(list(good), KEYS)
        self.assertEqual(good, {
            'line': 1, 'ok': True, 'measurement': 'cpu', 'tags': [['host', 'a']],
            'fields': [['value', 'float', '1.5'], ['n', 'int', '3'], ['s', 'string', 'x']],
            'time_ns': '1700000000000000000',
            'samples': [{'name': 'cpu', 'labels': {'host': 'a'}, 'value': '1.5', 'type': 'untyped'},
                        {'name': 'cpu_n', 'labels': {'host': 'a'}, 'value': '3', 'type': 'untyped'}],
            'dropped': [{'field': 's', 'reason': 'string_field'}]})
        self.assertEqual([list(sample) for sample in good['samples']], [['name', 'labels', 'value', 'type']] * 2)
        self.assertEqual([list(drop) for drop in good['dropped']], [['field', 'reason']])
        self.assertEqual(list(bad), ERROR_KEYS)
        self.assertEqual(bad, {'line': 2, 'ok': False, 'error': 'missing fields', 'column': 7})

    def test_output_is_compact_and_in_order(self):
        done = subprocess.run([fluxgate_process.BINARY, 'explain', '--now-ns', str(NOW)], input=b'm,t=v f=1i\nbad\n',
                              check=False, stdout=subprocess.PIPE)
        self.assertEqual(done.stdout, b'{"line":1,"ok":true,"measurement":"m","tags":[["t","v"]],"fields":[["f","int","1"]],'
                         b'"time_ns":"1700000000000000000","samples":[{"name":"m_f","labels":{"t":"v"},"value":"1",'
                         b'"type":"untyped"}],"dropped":[]}\n'
                         b'{"line":2,"ok":false,"error":"missing fields","column":4}\n')

    def test_exit_codes(self):
        self.assertEqual(explain(given=b'm v=1\n').code, 0)
        self.assertEqual(explain(given=b'').code, 0)
        self.assertEqual(explain(given=b'# only\n\n').code, 0)
        self.assertEqual(explain(given=b'm v=1\nbad').code, 1)
        for wrong in (['--no-such-flag'], ['--precision=fortnight'], ['--now-ns=noon'], ['/no/such/file'], ['/']):
            with self.subTest(arguments=wrong):
                outcome = explain(*wrong)
                self.assertEqual((outcome.code, outcome.lines), (2, []))
                self.assertEqual(len(outcome.errors.splitlines()), 1, outcome.errors)

    def test_files_and_standard_input(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ('a line.txt', 'b.txt')]
            for number, path in enumerate(paths):
                with open(path, 'wb') as file:
                    file.write(b'# comment\nf%d v=1' % number)
            outcome = explain(paths[0], '-', paths[1], given=b'stdin v=1\n')
        self.assertEqual([(line['measurement'], line['line']) for line in outcome.lines],
                         [('f0', 2), ('stdin', 1), ('f1', 2)])
        self.assertEqual(outcome.code, 0)

    def test_precision(self):
        for precision, unit in [('ns', 1), ('us', 10 ** 3), ('ms', 10 ** 6), ('s', 10 ** 9), ('m', 60 * 10 ** 9),
                                ('h', 3600 * 10 ** 9), ('µ', 10 ** 3), ('second', 10 ** 9)]:
            line = explain_one(b'm v=1 12', f'--precision={precision}')
            self.assertEqual(line['time_ns'], str(12 * unit), precision)
        for stamp in (b'1700000000', b'1700000000000', b'1700000000000000', b'1700000000000000000'):
            self.assertEqual(explain_one(b'm v=1 ' + stamp)['time_ns'], str(NOW))
            self.assertEqual(explain_one(b'm v=1 ' + stamp, '--precision=ns')['time_ns'], stamp.decode())

    def test_strict(self):
        for lenient in (b'm v=1\r\n', b'm,t=a 0.85 1700000000', b'\r'):
            self.assertEqual(explain(given=lenient).code, 0, lenient)
            self.assertEqual(explain('--influxdb.strict', given=lenient).code, 1, lenient)
        self.assertEqual(explain_one(b'm,t=a 0.85')['fields'], [['value', 'float', '0.85']])
        self.assertEqual(explain_one(b'm v=1 1700000000', '--influxdb.strict')['time_ns'], '1700000000')
        truncated = explain('--influxdb.strict', '--precision=h', f'--now-ns={NOW}', given=b'm v=1')
        self.assertEqual(truncated.lines[0]['time_ns'], str(NOW - NOW % (3600 * 10 ** 9)))

    def test_time_of_a_line_without_one(self):
        self.assertEqual(explain_one(b'm v=1')['time_ns'], str(NOW))
        before = time.time_ns()
        stamp = int(explain(given=b'm v=1').lines[0]['time_ns'])
        self.assertTrue(before <= stamp <= time.time_ns())

    def test_historic(self):
        hour = 3600 * 10 ** 9
        old, edge, future = (explain_one(b'm v=1 %d' % stamp) for stamp in (NOW - hour - 1, NOW - hour, NOW + hour))
        self.assertIs(old['historic'], True)
        self.assertNotIn('historic', edge)
        self.assertNotIn('historic', future)
        self.assertNotIn('historic', explain_one(b'm v=1 %d' % (NOW - 2 * hour), '--influxdb.sample-expiry=3h'))

    def test_bytes_that_are_not_utf8(self):
        line = explain_one(b'm\xff,k=\xe9 f="\xfe",v=1')

        def b64(text):
            return {'b64': base64.b64encode(text).decode()}
        self.assertEqual(line['measurement'], b64(b'm\xff'))
        self.assertEqual(line['tags'], [['k', b64(b'\xe9')]])
        self.assertEqual(line['fields'], [['f', 'string', b64(b'\xfe')], ['v', 'float', '1']])
        self.assertEqual(line['samples'][0]['labels'], {'k': 'é'})

    def test_field_key_given_twice(self):
        line = explain_one(b'm a=1,b=2i,a=3u')
        self.assertEqual(line['fields'], [['a', 'uint', '3'], ['b', 'int', '2']])
        self.assertEqual([(s['name'], s['value']) for s in line['samples']], [('m_a', '3'), ('m_b', '2')])

    def test_values_and_columns(self):
        line = explain_one(b'm a=100000,b=1000000,c=1e21,d=-0,e=t,f=9007199254740993i,g=0.00001')
        self.assertEqual([f[2] for f in line['fields']],
                         ['100000', '1e+06', '1e+21', '-0', 'true', '9007199254740993', '1e-05'])
        for text, error, column in [(b'm', 'missing fields', 2), (b'm,', 'missing tag key', 3), (b'm v=', 'missing field value', 5),
                                    (b'm v=1x', 'invalid number', 5), (b'm v=1 1x', 'bad timestamp', 8)]:
            answer = explain_one(text)
            self.assertEqual((answer['error'], answer['column']), (error, column), text)

    def test_big_input_is_streamed(self):
        line = b'cpu,host=h%05d,region=eu-central-1 usage_user=58i,usage_system=2.5,state="running" 1700000000000000000\n'
        block = b''.join(line % n for n in range(1000))
        blocks = BIG_INPUT // len(block)
        process = subprocess.Popen([fluxgate_process.BINARY, 'explain', f'--now-ns={NOW}'],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        peaks = []

        def feed():
            for number in range(blocks):
                process.stdin.write(block)
                if number % 100 == 0:
                    peaks.append(fluxgate_process.memory_of(process.pid))
            process.stdin.close()
        feeder = threading.Thread(target=feed)
        feeder.start()
        lines = 0
        last = b''
        while chunk := process.stdout.read1(MEBIBYTE):
            lines += chunk.count(b'\n')
            last = (last + chunk)[-1000:]
        feeder.join()
        self.assertEqual(process.wait(SECONDS_MAX), 0)
        self.assertEqual(lines, blocks * 1000)
        self.assertEqual(json.loads(last.splitlines()[-1])['line'], blocks * 1000)
        self.assertLess(max(peaks), BIG_MEMORY_MAX)

    def assert_served_as_explained(self, body):
        """Returns how many series it was that a server served, exactly as explain says."""
        with fluxgate_process.Fluxgate() as bridge:
            bridge.write(body)
            served = exposition.read_text(bridge.scrape().body)
        explained = {}
        for line in explain(given=body).lines:
            for sample in line.get('samples', []):
                explained[sample['name'], tuple(sorted(sample['labels'].items()))] = sample['value']
        served = {key: value for key, value in served.items() if key[0] not in OUR_NAMES}
        self.assertEqual({k: v for k, v in served.items() if explained.get(k) != v}, {})
        self.assertEqual({k: v for k, v in explained.items() if k not in served}, {})
        return len(served)

    def test_says_what_a_server_then_serves(self):
        body = b''.join(hostile_lines(random.Random(seed), 500) for seed in range(10))
        self.assertGreater(self.assert_served_as_explained(body), 1000)

    def test_says_what_a_server_makes_of_a_field_given_twice(self):
        for body in (b'm a=1,a=2i', b'm a="x",a=1', b'm a=1,b=2,a="x"'):
            with self.subTest(body=body):
                self.assert_served_as_explained(body)


if __name__ == '__main__':
    unittest.main()
