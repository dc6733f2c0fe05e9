"""Line protocol over UDP: one datagram is one batch."""
import json
import socket
import time
import unittest

import exposition
import fluxgate_process
from wait import eventually


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(('::1', 0))
        return True
    except OSError:
        return False


class UdpTest(unittest.TestCase):
    def start(self, *flags):
        return self.enterContext(fluxgate_process.Fluxgate(*flags))

    def value(self, bridge, name, path='/metrics', **labels):
        return exposition.value_of(exposition.read_text(bridge.scrape(path).body), name, **labels)

    def until(self, bridge, expected, name, path='/metrics', **labels):
        eventually(lambda: self.value(bridge, name, path, **labels) == expected,
                   lambda: f'{name} is {self.value(bridge, name, path, **labels)}')

    def test_good_lines_of_a_bad_datagram_are_kept(self):
        bridge = self.start()
        bridge.send_udp(b'good value=1\nbad\nfine value=2')
        self.until(bridge, 2, 'fine')
        self.until(bridge, 1, 'good')
        self.until(bridge, 1, 'influxdb_udp_parse_errors_total')
        own = '/metrics/exporter'
        self.until(bridge, 1, 'fluxgate_lines_rejected_total', own, reason='missing_fields')
        self.until(bridge, 1, 'fluxgate_udp_datagrams_total', own)
        [rejected] = [rejection for each in json.loads(bridge.request('GET', '/status/rejections').body).values()
                      for rejection in self.rejections(each)]
        self.assertIn('bad', json.dumps(rejected))
        self.assertIn('127.0.0.1:', json.dumps(rejected))

    def rejections(self, part):
        """Every rejection in the page, however it is nested."""
        if isinstance(part, dict) and 'peer' in part:
            return [part]
        parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
        return [rejection for each in parts for rejection in self.rejections(each)]

    def test_odd_datagrams(self):
        bridge = self.start()
        for datagram in (b'', b'\n', b'\0\xff', b'# comment', b'x' * 65507, b'cr value=1\r\n'):
            bridge.send_udp(datagram)
        bridge.send_udp(b'last value=1')
        self.until(bridge, 1, 'last')
        self.assertEqual(self.value(bridge, 'cr'), 1)

    def test_the_largest_datagram(self):
        bridge = self.start()
        lines = b''.join(b'large,n=%d value=%d\n' % (n, n) for n in range(3000))[:65507]
        whole = lines[:lines.rindex(b'\n')]
        bridge.send_udp(whole)
        self.until(bridge, whole.count(b'\n'), 'large', n=str(whole.count(b'\n')))

    def test_a_burst(self):
        bridge = self.start()
        for burst in range(5):  # each no larger than what any kernel keeps for a program that has to wait
            for n in range(burst * 100, burst * 100 + 100):
                bridge.send_udp(b'burst,n=%d value=%d' % (n % 10, n))
            self.until(bridge, burst * 100 + 100, 'fluxgate_udp_datagrams_total', '/metrics/exporter')
        self.assertEqual(self.value(bridge, 'burst', n='9'), 499)

    def test_precision(self):
        now = int(time.time())
        for flags, stamp in ((['--udp.precision=s'], now), (['--udp.precision=ms'], now * 1000), ([], now * 1000),
                             ([], now * 1000000)):
            bridge = self.start('--timestamps', *flags)
            bridge.send_udp(b'timed value=1 %d' % stamp)
            eventually(lambda bridge=bridge: b'timed 1 %d\n' % (now * 1000) in bridge.scrape().body, 'not seen, or at another time')

    def test_an_explicit_precision_is_obeyed(self):
        bridge = self.start('--udp.precision=ns')
        bridge.send_udp(b'old value=1 %d\nnew value=1' % int(time.time() * 1000))
        self.until(bridge, 1, 'new')
        self.assertIsNone(self.value(bridge, 'old'))
        self.until(bridge, 1, 'fluxgate_historic_points_total', '/metrics/exporter', database='', protocol='udp')

    def test_off(self):
        bridge = self.start('--udp.bind-address=')
        self.assertIsNone(bridge.udp_port)
        self.assertEqual(bridge.write(b'm value=1').status, 204)
        self.assertEqual(self.value(bridge, 'fluxgate_udp_datagrams_total', '/metrics/exporter'), 0)

    @unittest.skipUnless(has_ipv6(), 'the machine has no IPv6')
    def test_both_families(self):
        bridge = self.start('--udp.bind-address=:0')
        for family, address in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1')):
            with socket.socket(family, socket.SOCK_DGRAM) as sender:
                sender.sendto(b'family,v=%d value=1' % family, (address, bridge.udp_port))
        for family in (socket.AF_INET, socket.AF_INET6):
            self.until(bridge, 1, 'family', v=str(int(family)))
