"""The command line and the environment, as a user meets them."""
import json
import os
import socket
import subprocess
import unittest

from fluxgate_process import BINARY, Fluxgate
from udp_test import has_ipv6

SECONDS_MAX = 60


def run(*arguments, environment=None):
    return subprocess.run([BINARY, *arguments], check=False, timeout=SECONDS_MAX, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})})


class BadUsageTest(unittest.TestCase):
    def assert_refused(self, done, code, *parts):
        self.assertEqual(done.returncode, code, done)
        self.assertEqual(done.stdout, '')
        self.assertEqual(done.stderr.count('\n'), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_flags_that_are_none(self):
        for arguments in (['--bogus'], ['--bogus=1'], ['serve'], ['-x'], ['--web.listen-address'], ['explain', '--bogus']):
            with self.subTest(arguments=arguments):
                self.assert_refused(run(*arguments), 2, 'fluxgate: ')

    def test_values_that_do_not_fit(self):
        for flag, value in (('influxdb.sample-expiry', '5x'), ('influxdb.sample-expiry', '-5m'), ('influxdb.max-sample-age', ''),
                            ('shutdown.delay', '1'), ('web.max-body-size', '1XB'), ('web.listen-address', '9122'),
                            ('web.listen-address', ':99999'), ('udp.bind-address', '::1:9'), ('udp.precision', 'fortnight'),
                            ('web.telemetry-path', 'metrics'), ('log.level', 'loud'), ('log.format', 'xml'),
                            ('influxdb.expiry-clock', 'wall'), ('web.max-connections', '0'), ('runtime.threads', '-1'),
                            ('timestamps', 'maybe')):
            with self.subTest(flag=flag, value=value):
                self.assert_refused(run(f'--{flag}={value}'), 2, f'--{flag}: "{value}" is not ')
                if value:
                    variable = 'FLUXGATE_' + flag.upper().replace('.', '_').replace('-', '_')
                    self.assert_refused(run(environment={variable: value}), 2, f'{variable}: "{value}" is not ')

    def test_a_flag_given_twice(self):
        self.assert_refused(run('--log.level=info', '--log.level=warn'), 2, '--log.level', 'more than once')

    def test_paths_that_clash(self):
        self.assert_refused(run('--web.telemetry-path=/metrics//exporter'), 1, 'the same: /metrics/exporter')
        self.assert_refused(run('--web.telemetry-path=/write'), 1, 'taken by another endpoint: /write')

    def test_an_address_in_use(self):
        for kind, flag in ((socket.SOCK_STREAM, 'web.listen-address'), (socket.SOCK_DGRAM, 'udp.bind-address')):
            with socket.socket(socket.AF_INET, kind) as taken:
                taken.bind(('127.0.0.1', 0))
                if kind == socket.SOCK_STREAM:
                    taken.listen()
                address = f'127.0.0.1:{taken.getsockname()[1]}'
                flags = {'--web.listen-address': '127.0.0.1:0', '--udp.bind-address': '', f'--{flag}': address}
                done = run(*(f'{name}={value}' for name, value in flags.items()))
                self.assert_refused(done, 1, address, 'address already in use')

    def test_an_address_of_nobody(self):
        self.assert_refused(run('--web.listen-address=no.such.host.invalid:0', '--udp.bind-address='), 1, 'no.such.host.invalid')


class PrintTest(unittest.TestCase):
    def test_version(self):
        done = run('--version')
        self.assertRegex(done.stdout, r'^fluxgate, version \d+\.\d+\.\d+ \(revision: [^)]+\)\n$')
        self.assertEqual((done.returncode, done.stderr), (0, ''))

    def test_help(self):
        for flag in ('-h', '--help'):
            done = run(flag)
            self.assertEqual((done.returncode, done.stderr), (0, ''))
            for name in ('--web.listen-address', '--no-timestamps', '--udp.bind-address', 'explain', 'healthcheck'):
                self.assertIn(name, done.stdout)


class FlagsTest(unittest.TestCase):
    def start(self, *flags, environment=None):
        return self.enterContext(Fluxgate(*flags, environment=environment))

    def test_a_value_may_follow_its_flag(self):
        bridge = self.start('--web.telemetry-path', '/m', '--timestamps', '--influxdb.reported-version', '2.7.0')
        self.assertEqual(bridge.scrape('/m').status, 200)
        self.assertEqual(bridge.scrape('/metrics').status, 404)
        self.assertEqual(bridge.request('GET', '/ping').headers['X-Influxdb-Version'], '2.7.0')

    def test_several_addresses(self):
        bridge = self.start('--web.listen-address=127.0.0.1:0', '--web.listen-address', '127.0.0.1:0')
        self.assertEqual(len(set(bridge.ports)), 2)
        for bridge.port in bridge.ports:
            self.assertEqual(bridge.request('GET', '/ping').status, 204)

    @unittest.skipUnless(has_ipv6(), 'the machine has no IPv6')
    def test_both_families(self):
        port = self.start('--web.listen-address=:0').port
        for host in ('127.0.0.1', '::1'):
            socket.create_connection((host, port), SECONDS_MAX).close()
        port = self.start('--web.listen-address=[::1]:0').port
        socket.create_connection(('::1', port), SECONDS_MAX).close()
        self.assertRaises(OSError, socket.create_connection, ('127.0.0.1', port), SECONDS_MAX)

    def test_the_environment(self):
        bridge = self.start('--web.exporter-telemetry-path=/flag', environment={
            'FLUXGATE_WEB_LISTEN_ADDRESS': '127.0.0.1:0,127.0.0.1:0', 'FLUXGATE_UDP_BIND_ADDRESS': '',
            'FLUXGATE_WEB_TELEMETRY_PATH': '/env', 'FLUXGATE_WEB_EXPORTER_TELEMETRY_PATH': '/lost',
            'FLUXGATE_TIMESTAMPS': 'true', 'FLUXGATE_LOG_LEVEL': ''})
        self.assertEqual((len(bridge.ports), bridge.udp_port), (2, None))
        self.assertEqual([bridge.scrape(path).status for path in ('/env', '/flag', '/lost')], [200, 200, 404])
        bridge.write(b'm value=1')
        self.assertRegex(bridge.scrape('/env').body, rb'\nm 1 \d{13}\n')

    def test_switches(self):
        for flags, stamped in (([], False), (['--timestamps'], True), (['--no-timestamps'], False),
                               (['--timestamps=false'], False), (['--timestamps=true'], True)):
            bridge = self.start(*flags)
            bridge.write(b'm value=1')
            self.assertEqual(b'\nm 1\n' not in bridge.scrape().body, stamped, flags)

    def test_json_logs(self):
        bridge = self.start('--log.format=json')
        self.assertEqual(bridge.stop(), 0)
        self.assertEqual([json.loads(line)['msg'] for line in bridge.log], ['started', 'stopping', 'stopped'])

    def test_nothing_is_logged_for_a_request(self):
        bridge = self.start()
        for _ in range(20):
            bridge.write(b'bad\nm value=1')
            bridge.scrape()
        self.assertEqual(bridge.stop(), 0)
        self.assertEqual(len(bridge.log), 3, bridge.log)


class HealthcheckTest(unittest.TestCase):
    def test_healthcheck(self):
        with Fluxgate() as bridge:
            base = f'http://127.0.0.1:{bridge.port}'
            for url, code in ((f'{base}/-/ready', 0), (f'{base}/health', 0), (f'{base}/nope', 1), (base, 0)):
                done = run('healthcheck', url)
                self.assertEqual(done.returncode, code, done)
                self.assertEqual(done.stderr.count('\n'), code)
        self.assertEqual(run('healthcheck', f'{base}/-/ready').returncode, 1)

    def test_urls_that_are_none(self):
        for url in ('', 'localhost', 'https://127.0.0.1/', 'ftp://a/', 'http://', 'http://no.such.host.invalid/'):
            done = run('healthcheck', url)
            self.assertEqual((done.returncode, done.stderr.count('\n')), (1, 1), done)
