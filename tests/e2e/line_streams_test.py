"""Line protocol over TCP and unix sockets, HTTP over unix sockets, and several UDP listeners."""
import os
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
import unittest

import exposition
import fluxgate_process
from udp_test import has_ipv6
from wait import eventually

OWN = '/metrics/exporter'


class StreamTest(unittest.TestCase):
    def start(self, *flags):
        return self.enterContext(fluxgate_process.Fluxgate(*flags))

    def folder(self):
        return self.enterContext(tempfile.TemporaryDirectory())

    def connect(self, target, family=socket.AF_INET):
        connection = self.enterContext(socket.socket(socket.AF_UNIX if isinstance(target, str) else family))
        connection.settimeout(fluxgate_process.PATIENCE_SECONDS)
        connection.connect(target)
        return connection

    def value(self, bridge, name, path='/metrics', **labels):
        """None, too, while there is no place for the scrape."""
        reply = bridge.scrape(path)
        return exposition.value_of(exposition.read_text(reply.body), name, **labels) if reply.status == 200 else None

    def until(self, bridge, expected, name, path='/metrics', **labels):
        eventually(lambda: self.value(bridge, name, path, **labels) == expected,
                   lambda: f'{name} is {self.value(bridge, name, path, **labels)}')


class TcpTest(StreamTest):
    def setUp(self):
        self.bridge = self.start('--tcp.listen-address=127.0.0.1:0?db=streams&precision=s', '--influxdb.max-line-size=100KiB')
        self.port = self.bridge.line_ports[0]

    def lines(self):
        return self.connect(('127.0.0.1', self.port))

    def test_lines_are_stored_while_the_stream_is_open(self):
        stream = self.lines()
        for n in range(3):
            stream.sendall(b'open value=%d\nrest' % n)
            self.until(self.bridge, n, 'open')
            stream.sendall(b' value=1\n')
        self.assertEqual(self.value(self.bridge, 'fluxgate_line_connections', OWN), 1)
        self.assertGreater(self.value(self.bridge, 'fluxgate_requests_total', OWN, protocol='tcp', database='streams'), 0)
        stream.close()
        self.until(self.bridge, 0, 'fluxgate_line_connections', OWN)

    def test_any_split_gives_the_same_lines(self):
        body = b'split,n=1 value=1,text="a\n b"\nsplit,n=2 value=2\nsplit,n=3 value=3'
        for size in (1, 2, 7):
            stream = self.lines()
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for begin in range(0, len(body), size):
                stream.sendall(body[begin:begin + size])
            stream.close()
            self.until(self.bridge, 3, 'split', n='3')
        self.assertEqual(self.value(self.bridge, 'fluxgate_lines_rejected_total', OWN, reason='unbalanced_quotes'), 0)

    def test_bad_and_overlong_lines_do_not_end_the_stream(self):
        stream = self.lines()
        stream.sendall(b'before value=1\nbad\n' + b'x' * 300000 + b'\nbehind value=1\n')
        self.until(self.bridge, 1, 'behind')
        for reason in ('missing_fields', 'line_too_long'):  # counted when the batch is at its end
            self.until(self.bridge, 1, 'fluxgate_lines_rejected_total', OWN, reason=reason)
        stream.sendall(b'later value=1\n')
        self.until(self.bridge, 1, 'later')

    def test_much(self):
        stream = self.lines()
        stream.sendall(b''.join(b'much,n=%d value=%d\n' % (n % 100, n) for n in range(200000)))
        stream.close()
        self.until(self.bridge, 200000, 'fluxgate_points_total', OWN, protocol='tcp', database='streams')
        self.assertEqual(self.value(self.bridge, 'much', n='99'), 199999)

    def test_the_precision_of_the_listener(self):
        stream = self.lines()
        stream.sendall(b'old value=1 %d\n' % time.time_ns())
        stream.sendall(b'new value=1 %d\n' % time.time())
        self.until(self.bridge, 1, 'new')

    def test_a_broken_connection_leaves_no_half_line(self):
        stream = self.lines()
        stream.sendall(b'whole value=1\nhalf value=12')
        self.until(self.bridge, 1, 'whole')
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        stream.close()
        self.until(self.bridge, 1, 'fluxgate_lines_rejected_total', OWN, reason='truncated_line')
        self.assertIsNone(self.value(self.bridge, 'half'))

    def test_http_gets_one_clear_line(self):
        for request in (b'POST /write?db=d HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nm value=1', b'GET / HTTP/1.0\n\n'):
            stream = self.lines()
            stream.sendall(request)
            with stream.makefile('rb') as file:
                head, _, body = file.read().partition(b'\r\n\r\n')
            self.assertTrue(head.startswith(b'HTTP/1.1 400 '))
            self.assertIn(b'Content-Length: %d' % len(body), head)
            self.assertEqual((body.count(b'\n'), body[:9]), (1, b'this port'))
        self.until(self.bridge, 2, 'fluxgate_lines_rejected_total', OWN, reason='http_request')
        curl = subprocess.run(['curl', '-s', '--data-binary', 'm value=1', f'http://127.0.0.1:{self.port}/write'],
                              capture_output=True, check=False)
        self.assertIn(b'plain line protocol', curl.stdout)

    def test_a_stop_takes_what_has_come_in(self):
        streams = [self.lines() for _ in range(20)]
        for number, stream in enumerate(streams):
            stream.sendall(b'stopped,n=%d value=1\nrest' % number)
        self.assertEqual(self.bridge.stop(signal.SIGTERM), 0)
        self.assertFalse(any('took too long' in line for line in self.bridge.log))
        for stream in streams:
            self.assertEqual(stream.recv(1), b'')


class LimitTest(StreamTest):
    def answered(self, bridge):
        """A connection that was answered; None while none is taken."""
        connection = self.connect(('127.0.0.1', bridge.port))
        try:
            connection.sendall(b'GET /ping HTTP/1.1\r\nHost: a\r\n\r\n')
            return connection if connection.recv(100).startswith(b'HTTP/1.1 204') else None
        except ConnectionError:
            return None

    def test_connections_are_limited_together(self):
        bridge = self.start('--tcp.listen-address=127.0.0.1:0', '--web.max-connections=3')
        kept = [self.connect(('127.0.0.1', bridge.line_ports[0])) for _ in range(2)]
        for stream in kept:
            stream.sendall(b'kept value=1\n')
        self.until(bridge, 2, 'fluxgate_line_connections', OWN)
        third = eventually(lambda: self.answered(bridge), 'the place of the scrape was not given again')
        refused = self.connect(('127.0.0.1', bridge.line_ports[0]))
        self.assertEqual(refused.recv(1), b'')
        third.close()
        self.until(bridge, 1, 'fluxgate_line_connections_refused_total', OWN)


class UnixTest(StreamTest):
    def test_lines(self):
        path = self.folder() + '/lines.sock'
        bridge = self.start(f'--unix.listen-path={path}?db=local&mode=0600&owner={os.getuid()}&group={os.getgid()}')
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        stream = self.connect(path)
        stream.sendall(b'local value=1\n')
        self.until(bridge, 1, 'local')
        self.until(bridge, 1, 'fluxgate_requests_total', OWN, protocol='unix', database='local')
        bridge.stop()
        self.assertFalse(os.path.exists(path))

    def test_http(self):
        path = self.folder() + '/http.sock'
        bridge = self.start('--web.listen-address=127.0.0.1:0', f'--web.listen-address=unix:{path}?mode=0660')
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o660)
        done = subprocess.run(['curl', '-s', '-w', '%{http_code}', '--unix-socket', path, '--data-binary', 'curled value=1',
                               'http://localhost/write?db=d'], capture_output=True, check=True)
        self.assertEqual(done.stdout, b'204')
        self.assertEqual(self.value(bridge, 'curled'), 1)
        for flags, code in ((['--web.listen-address=unix:' + path, 'healthcheck'], 0),
                            (['healthcheck', f'unix:{path}?/-/ready'], 0), (['healthcheck', 'unix:/nope?/'], 1)):
            self.assertEqual(subprocess.run([fluxgate_process.BINARY, *flags], capture_output=True, check=False).returncode, code)

    def test_files_that_are_there(self):
        folder = self.folder()
        stale = folder + '/stale.sock'
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(stale)
        bridge = self.start(f'--unix.listen-path={stale}')
        self.connect(stale).sendall(b'stale value=1\n')
        self.until(bridge, 1, 'stale')
        with open(folder + '/file', 'w', encoding='ascii') as file:
            file.write('kept')
        for path, why in ((stale, 'address already in use'), (folder + '/file', 'no socket'), (folder + '/no/x.sock', 'no such file'),
                          (folder + '/' + 'x' * 200, 'too long'), (folder + '/y?owner=nobody-of-that-name', 'no user')):
            done = subprocess.run([fluxgate_process.BINARY, '--web.listen-address=127.0.0.1:0', '--udp.bind-address=', f'--unix.listen-path={path}'],
                                  capture_output=True, check=False, timeout=60)
            self.assertEqual(done.returncode, 1, path)
            self.assertIn(why, done.stderr.decode().lower())
        self.assertTrue(os.path.exists(folder + '/file'))


class UdpListenersTest(StreamTest):
    def send(self, data, target, family=socket.AF_INET, **options):
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            for (level, name), value in options.get('set', {}).items():
                sender.setsockopt(level, name, value)
            sender.sendto(data, target)

    def test_each_has_its_database_and_precision(self):
        bridge = self.start('--timestamps', '--udp.bind-address=127.0.0.1:0?db=seconds&precision=s',
                            '--udp.bind-address=127.0.0.1:0?preset=collectd', '--udp.bind-address=127.0.0.1:0', '--udp.precision=us')
        now = int(time.time())
        for port, name, stamp in zip(bridge.udp_ports, ('one', 'two', 'three'), (now, now * 1000, now * 1000000)):
            self.send(b'%b value=1 %d' % (name.encode(), stamp), ('127.0.0.1', port))
            eventually(lambda name=name: b'%b 1 %d\n' % (name.encode(), now * 1000) in bridge.scrape().body, name)
        for database in ('seconds', 'collectd', ''):
            self.until(bridge, 1, 'fluxgate_points_total', OWN, protocol='udp', database=database)
        self.until(bridge, 3, 'fluxgate_udp_datagrams_total', OWN)

    def test_multicast(self):
        bridge = self.start('--udp.bind-address=239.7.7.7:0?interface=lo&db=group')
        loopback = struct.pack('4s4si', bytes(4), bytes(4), socket.if_nametoindex('lo'))
        self.send(b'grouped value=1', ('239.7.7.7', bridge.udp_port), set={(socket.IPPROTO_IP, socket.IP_MULTICAST_IF): loopback})
        self.until(bridge, 1, 'grouped')

    @unittest.skipUnless(has_ipv6(), 'the machine has no IPv6')
    def test_ipv6(self):
        bridge = self.start('--udp.bind-address=[::1]:0?db=six', '--tcp.listen-address=[::1]:0')
        self.send(b'six value=1', ('::1', bridge.udp_port), socket.AF_INET6)
        self.until(bridge, 1, 'six')
        self.connect(('::1', bridge.line_ports[0]), socket.AF_INET6).sendall(b'six_tcp value=1\n')
        self.until(bridge, 1, 'six_tcp')
