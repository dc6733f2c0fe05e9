"""The crashes and losses of influxdb_exporter, by the numbers of their list, over HTTP and UDP: none of them here.
Whatever was sent, fluxgate lives on and every scrape is a valid 200."""
import gzip
import json
import time
import unittest

import exposition
import fluxgate_process
from wait import eventually

OPENMETRICS_ACCEPT = 'application/openmetrics-text;version=1.0.0'
MEBIBYTE = 1 << 20
BOMB_MEMORY_MAX = (512 if fluxgate_process.SANITIZED else 16) * MEBIBYTE


class BridgeTest(unittest.TestCase):
    def scrape(self, bridge):
        """The samples of a scrape that every parser takes, in both formats."""
        self.assertIsNone(bridge.process.poll(), 'fluxgate has ended')
        strict = bridge.request('GET', '/metrics', headers={'Accept': OPENMETRICS_ACCEPT})
        self.assertEqual(strict.status, 200)
        exposition.judge(strict.body, strict.headers['Content-Type'])
        reply = bridge.scrape()
        self.assertEqual(reply.status, 200)
        return exposition.judge(reply.body, reply.headers['Content-Type'])

    def own_metrics(self, bridge):
        return exposition.read_text(bridge.request('GET', '/metrics/exporter').body)

    def start(self, *flags):
        return self.enterContext(fluxgate_process.Fluxgate(*flags))


class ExporterBugs(BridgeTest):
    """Each test writes names of its own to one bridge that runs on its defaults."""
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate())

    def write(self, body, path='/write?db=test', status=204):
        reply = self.bridge.write(body, path=path)
        self.assertEqual(reply.status, status, reply.body)
        return reply

    def assert_value(self, wanted, name, **labels):
        samples = self.scrape(self.bridge)
        found = {key: value for key, value in samples.items() if key[0] == name}
        self.assertEqual(exposition.value_of(samples, name, **labels), wanted, found)

    def assert_arrives(self, wanted, name, **labels):
        """Of a datagram: no reply tells when it was taken."""
        def value():
            return exposition.value_of(self.scrape(self.bridge), name, **labels)
        eventually(lambda: value() == wanted, f'{name}{labels} is not {wanted}')

    def dropped(self):
        return json.loads(self.bridge.request('GET', '/status/rejections').body)

    def test_bug_01_names_that_are_not_ascii(self):
        line = 'temp°C,zoné=Süd fähig=1'.encode()
        self.write(line)
        self.assert_value(1, 'temp_C_f_hig', zon_='Süd')
        self.bridge.send_udp(line.replace(b'=1', b'=2'))
        self.assert_arrives(2, 'temp_C_f_hig', zon_='Süd')
        self.write('日本,語=a value=3'.encode())
        self.assert_value(3, '__', _='a')
        self.write('n\U0001f4a3 value=4'.encode())
        self.assert_value(4, 'n_')

    def test_bug_02_tag_keys_with_two_underscores(self):
        self.write(b'bug02,__x=1 value=1\nbug02,--y=2 value=2\nbug02,__name__=other value=3\nbug02,__=4,____=5 value=4')
        samples = self.scrape(self.bridge)
        found = {labels: value for (name, labels), value in samples.items() if name == 'bug02'}
        self.assertEqual(found, {(('_x', '1'),): '1', (('_y', '2'),): '2', (): '3', (('_', '5'),): '4'})
        self.bridge.send_udp(b'bug02udp,__x=7,_x=8 value=1')
        self.assert_arrives(1, 'bug02udp', _x='8')

    def test_bug_03_tag_values_that_are_not_utf8(self):
        self.write(b'bug03,host=caf\xe9 value=1\nbug03,host=\x80 value=2\nbug03,host=\xed\xa0\x80 value=3\n'
                   b'bug03,host=a\x00b\rc\x7fd\xe2\x80\xa8 value=4')
        samples = self.scrape(self.bridge)
        found = {labels[0][1]: value for (name, labels), value in samples.items() if name == 'bug03'}
        self.assertEqual(found, {'caf\u00e9': '1', '\u20ac': '2', '\u00ed\u00a0\u20ac': '3', 'a\0b\rc\x7fd\u2028': '4'})
        self.bridge.send_udp(b'bug03udp,host=\xff value=1')
        self.assert_arrives(1, 'bug03udp', host='\u00ff')

    def test_bug_04_names_of_our_own_metrics(self):
        names = ['influxdb_last_push_timestamp_seconds', 'influxdb_exporter_build_info', 'influxdb_udp_parse_errors_total',
                 'influxdb_udp_parse_errors', 'influxdb_udp_parse_errors_created']
        for name in names:
            self.write(f'{name},mine=no value=1\nbug04 value=4\nbug04_after_{name} value=5'.encode())
            samples = self.scrape(self.bridge)
            self.assertEqual([key for key in samples if dict(key[1]).get('mine')], [])
            self.assertEqual(exposition.value_of(samples, f'bug04_after_{name}'), 5)
        self.assert_value(4, 'bug04')
        self.assertIn('reserved_name', json.dumps(self.dropped()))

    def test_bug_05_precision_us(self):
        now = time.time_ns()
        spellings = {1: ['n', 'ns', 'nanosecond'], 10 ** 3: ['u', 'us', '%C2%B5', 'microsecond'],
                     10 ** 6: ['ms', 'millisecond'], 10 ** 9: ['s', 'second']}
        for path in ('/write?db=d', '/api/v2/write?bucket=b&org=o'):
            for unit, names in spellings.items():
                for spelling in names:
                    with self.subTest(path=path, precision=spelling):
                        tag = f'{len(path)} {spelling}'
                        line = b'bug05,p=%s value=%d %d' % (tag.replace(' ', '\\ ').encode(), unit, now // unit)
                        reply = self.write(line, f'{path}&precision={spelling}')
                        self.assertIsNone(reply.headers.get('X-Fluxgate-Historic'))
                        self.assert_value(unit, 'bug05', p=tag)
        self.write(b'bug05 value=1', '/write?db=d&precision=fortnight', status=400)

    def test_bug_06_precision_h_without_a_time(self):
        for number, precision in enumerate(['h', 'm', 's']):
            reply = self.write(b'bug06,p=%s value=%d' % (precision.encode(), number), f'/write?db=d&precision={precision}')
            self.assertIsNone(reply.headers.get('X-Fluxgate-Historic'))
            self.assert_value(number, 'bug06', p=precision)

    def test_bug_07_seconds_without_a_precision(self):
        for unit in (1, 10 ** 3, 10 ** 6, 10 ** 9):
            reply = self.write(b'bug07,unit=%d value=1 %d' % (unit, time.time_ns() // unit))
            self.assertIsNone(reply.headers.get('X-Fluxgate-Historic'))
            self.assert_value(1, 'bug07', unit=str(unit))
        self.bridge.send_udp(b'bug07udp value=1 %d' % int(time.time()))
        self.assert_arrives(1, 'bug07udp')

    def test_bug_08_a_bad_line_in_a_batch(self):
        reply = self.write(b'bug08 a=1\nbad\nbug08 b=2', status=400)
        self.assertEqual(json.loads(reply.body),
                         {'error': "partial write: unable to parse 'bad': missing fields dropped=0"})
        reply = self.write(b'bug08 c=3\nbad\n', '/api/v2/write?bucket=b', status=400)
        answer = json.loads(reply.body)
        self.assertEqual(answer['code'], 'invalid')
        self.assertIn("line 2: unable to parse 'bad': missing fields", answer['message'])
        self.bridge.send_udp(b'bug08 d=4\nbad\nbug08 e=5')
        self.assert_arrives(5, 'bug08_e')
        for number, field in enumerate('abcd', 1):
            self.assert_arrives(number, f'bug08_{field}')

    def test_bug_09_crlf(self):
        self.write(b'bug09 a=1\r\n\r\nbug09 b=2i %d\r\nbug09 c=t\r\n' % time.time_ns())
        for field, value in [('a', 1), ('b', 2), ('c', 1)]:
            self.assert_value(value, f'bug09_{field}')

    def test_bug_10_unsigned_integers(self):
        self.write(b'bug10 a=3u,b=18446744073709551615u')
        self.assert_value(3, 'bug10_a')
        self.assert_value(2.0 ** 64, 'bug10_b')

    def test_bug_11_series_whose_labels_join_to_one_text(self):
        self.write(b'bug11,a=1.b.2 value=1\nbug11,a=1,b=2 value=2\nbug11.a.1.b.2 value=3\nbug11,a=1.b=x value=4', status=400)
        self.assert_value(1, 'bug11', a='1.b.2')
        self.assert_value(2, 'bug11', a='1', b='2')
        self.assert_value(3, 'bug11_a_1_b_2')
        self.write(b'bug11,a=x"\\,b\\="y value=5\nbug11,a=x,b=y value=6')
        self.assert_value(5, 'bug11', a='x",b="y')
        self.assert_value(6, 'bug11', a='x', b='y')

    def test_bug_12_raw_names_that_become_equal(self):
        self.write(b'bug12.x value=1\nbug12_x value=2\nbug12 x=3')
        self.assert_value(3, 'bug12_x')
        before = self.leniencies()
        self.write(b'bug12,a.b=1,a_b=2,a-b=3 value=1')
        self.assert_value(1, 'bug12', a_b='2')
        self.assertEqual(self.leniencies() - before, 2)

    def leniencies(self):
        metrics = self.own_metrics(self.bridge)
        return sum(float(value) for (name, _), value in metrics.items() if name == 'fluxgate_leniencies_total')

    def test_bug_13_an_older_point_after_a_newer(self):
        now = time.time_ns()
        self.write(b'bug13 value=2 %d\nbug13 value=1 %d' % (now, now - 10 ** 9))
        self.write(b'bug13 value=1 %d' % (now - 2 * 10 ** 9))
        self.assert_value(2, 'bug13')
        self.write(b'bug13 value=3 %d' % now)
        self.assert_value(3, 'bug13')

    def test_bug_14_a_time_far_ahead(self):
        self.write(b'bug14 value=1 9223372036854775806')
        self.assert_value(1, 'bug14')
        self.write(b'bug14 value=2')
        self.assert_value(2, 'bug14')

    def test_bug_16_a_scrape_right_after_the_reply(self):
        for number in range(300):
            self.write(b'bug16 value=%d' % number)
            samples = exposition.read_text(self.bridge.scrape().body)
            self.assertEqual(exposition.value_of(samples, 'bug16'), number)

    def test_bug_17_a_sender_whose_clock_is_slow(self):
        now = int(time.time())
        reply = self.write(b'bug17 value=1 %d' % (now - 30 * 60))
        self.assertIsNone(reply.headers.get('X-Fluxgate-Historic'))
        self.assert_value(1, 'bug17')
        reply = self.write(b'bug17old value=1 %d' % (now - 2 * 3600))
        self.assertEqual(reply.headers.get('X-Fluxgate-Historic'), '1')
        self.assert_value(None, 'bug17old')

    def test_bug_20_broken_gzip_is_the_clients_fault(self):
        whole = gzip.compress(b'bug20 value=1\n' * 1000)
        broken = bytearray(whole)
        broken[len(whole) // 2] ^= 0xFF
        for body in (whole[:-9], b'not gzip at all', bytes(broken), whole[:5]):
            reply = self.bridge.write(body, headers={'Content-Encoding': 'gzip'})
            self.assertEqual(reply.status, 400, reply.body)
            self.assertIn('error', json.loads(reply.body))
        reply = self.bridge.write(b'bug20 value=1', headers={'Content-Encoding': 'br'})
        self.assertEqual(reply.status, 415)
        self.scrape(self.bridge)

    def test_bug_21_paths_that_are_not_there(self):
        for path in ('/nope', '/metrics/nope', '/favicon.ico', '/%2e%2e/etc/passwd'):
            reply = self.bridge.request('GET', path)
            self.assertEqual(reply.status, 404, path)
            json.loads(reply.body)
        for path in ('/healthz', '/livez', '/readyz', '/-/healthy', '/-/ready', '/health', '/ready', '/'):
            self.assertEqual(self.bridge.request('GET', path).status, 200, path)
        self.assertIn(self.bridge.request('GET', '/status').status, (200, 204))

    def test_bug_22_show_databases(self):
        self.assertEqual(self.bridge.request('POST', '/query?q=CREATE+DATABASE+%22my+db%22').status, 200)
        self.write(b'bug22 value=1', '/write?db=written')
        reply = self.bridge.request('GET', '/query?q=SHOW+DATABASES')
        series, = json.loads(reply.body)['results'][0]['series']
        self.assertEqual((series['name'], series['columns']), ('databases', ['name']))
        self.assertIn(['my db'], series['values'])
        self.assertIn(['written'], series['values'])

    def test_bug_23_integers_beyond_a_double(self):
        self.write(b'bug23 a=9007199254740993i,b=-9223372036854775808i')
        self.assert_value(9007199254740992, 'bug23_a')
        self.assert_value(-2.0 ** 63, 'bug23_b')

    def test_bug_24_text_behind_a_closing_quote(self):
        for text in (b'bug24 v="abc"def,w=1', b'bug24 v="a"5,w=1', b'bug24 w=1,v="a"b"c"'):
            reply = self.write(text, status=400)
            self.assertIn('invalid field format', json.loads(reply.body)['error'])
        self.assert_value(None, 'bug24_w')

    def test_bug_25_errors_are_counted_on_every_way_in(self):
        def rejected():
            metrics = self.own_metrics(self.bridge)
            return sum(float(v) for (name, _), v in metrics.items() if name == 'fluxgate_lines_rejected_total')

        def udp_errors():
            return exposition.value_of(self.scrape(self.bridge), 'influxdb_udp_parse_errors_total')
        lines, datagrams = rejected(), udp_errors()
        self.write(b'bad\nbad\nbug25 value=1', status=400)
        self.write(b'bad\nbug25 value=1', '/api/v2/write?bucket=b', status=400)
        self.assertEqual(rejected() - lines, 3)
        self.bridge.send_udp(b'bad\nbad\nbug25 value=1')
        eventually(lambda: udp_errors() == datagrams + 1, 'the datagram is not counted')
        self.assertEqual(rejected() - lines, 5)


class ExporterBugsWithFlags(BridgeTest):
    def test_bug_14_a_time_far_ahead_expires_and_is_not_printed(self):
        bridge = self.start('--timestamps', '--influxdb.sample-expiry=2s')
        now_ms = int(time.time() * 1000)

        def both_seen():  # a machine that is slow lets them expire in between
            bridge.write(b'ahead value=1 9223372036854775806')
            bridge.write(b'now value=1 %d' % now_ms)
            page = bridge.scrape().body
            return b'\nahead 1\n' in page and b'\nnow 1 %d\n' % now_ms in page
        eventually(both_seen, 'the samples are not served as they should be')
        self.scrape(bridge)
        eventually(lambda: b'ahead' not in bridge.scrape().body, 'a sample from the future lives for ever')

    def test_bug_15_bodies_without_end(self):
        bridge = self.start('--web.max-body-size=4MiB', '--web.max-inflated-size=32MiB')
        before = bridge.memory()
        lines = b'bug15 value=1\n' * (64 * MEBIBYTE // 14)
        for body in (gzip.compress(lines, 1), gzip.compress(bytes(64 * MEBIBYTE), 1), gzip.compress(lines, 1) * 20):
            for path in ('/write', '/api/v2/write'):
                reply = bridge.write(body, path, {'Content-Encoding': 'gzip'})
                self.assertEqual(reply.status, 413, reply.body)
                self.assertIn('error' if path == '/write' else 'code', json.loads(reply.body))
        self.assertEqual(bridge.write(lines).status, 413)
        self.assertEqual(bridge.write(iter([lines])).status, 413)  # in chunks: no length tells
        self.assertLess(bridge.memory('VmHWM') - before, BOMB_MEMORY_MAX)
        self.scrape(bridge)

    def test_bug_15_default_limits(self):
        bridge = self.start()
        self.assertEqual(bridge.write(b'x' * (33 * MEBIBYTE)).status, 413)
        self.assertEqual(bridge.write(b'\n' * (31 * MEBIBYTE)).status, 204)
        bomb = gzip.compress(bytes(MEBIBYTE), 1) * 257
        self.assertEqual(bridge.write(bomb, headers={'Content-Encoding': 'gzip'}).status, 413)

    def test_bug_15_series_without_end(self):
        bridge = self.start('--influxdb.max-series=1000')
        bridge.write(b'known value=1')
        reply = bridge.write(b''.join(b'many,n=%d value=%d\n' % (n, n) for n in range(5000)))
        self.assertIn(reply.status, (204, 400))
        self.assertEqual(bridge.write(b'known value=2').status, 204)
        samples = self.scrape(bridge)
        self.assertEqual(exposition.value_of(samples, 'known'), 2)
        self.assertLessEqual(sum(name in ('known', 'many') for name, _ in samples), 1000)
        self.assertGreater(sum(name in ('known', 'many') for name, _ in samples), 900)
        dropped = sum(float(value) for (name, _), value in self.own_metrics(bridge).items()
                      if name == 'fluxgate_samples_dropped_total')
        self.assertGreaterEqual(dropped, 4000)

    def test_bug_19_time_of_the_last_push(self):
        bridge = self.start()
        name = 'influxdb_last_push_timestamp_seconds'

        def last_push():
            return exposition.value_of(self.scrape(bridge), name)
        self.assertEqual(last_push(), 0)
        bridge.write(b'bad')
        self.assertEqual(last_push(), 0)
        before = time.time()
        bridge.send_udp(b'bug19 value=1')
        eventually(last_push, 'a datagram is no push')
        self.assertTrue(before - 1 <= last_push() <= time.time() + 1)
        by_udp = last_push()
        bridge.write(b'bug19 value=2')
        self.assertGreater(last_push(), by_udp)


if __name__ == '__main__':
    unittest.main()
