"""What SIGTERM and SIGINT do: not ready at once, a last scrape, requests in flight to their end, exit 0."""
import signal
import time
import unittest

import fluxgate_process
from http_connection import Closed, Connection
from wait import eventually

PING = b'GET /ping HTTP/1.1\r\nHost: a\r\n\r\n'
HEAD = b'POST /write?db=d HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n'
BODY = b'in_flight value=1\n  '


class ShutdownTest(unittest.TestCase):
    def start(self, *flags):
        return self.enterContext(fluxgate_process.Fluxgate(*flags))

    def connect(self, bridge, **options):
        return self.enterContext(Connection(bridge.port, **options))

    def until_refused(self, bridge):
        def refused():
            try:
                Connection(bridge.port).socket.close()
                return False
            except ConnectionRefusedError:
                return True
        eventually(refused, 'connections are still accepted')

    def test_either_signal_stops_it(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            bridge = self.start()
            self.assertEqual(bridge.stop(number), 0)
            self.assertEqual([line.split('msg=')[1].split()[0] for line in bridge.log], ['started', 'stopping', 'stopped'])

    def test_idle_connections_do_not_hold_it_up(self):
        bridge = self.start()
        fresh = self.connect(bridge)
        used = self.connect(bridge)
        used.send(PING)
        used.reply()
        self.assertEqual(bridge.stop(), 0)
        self.assertFalse(any('took too long' in line for line in bridge.log))
        for connection in (fresh, used):
            self.assertRaises(Closed, connection.reply)

    def test_during_the_delay_everything_goes_on_but_readiness(self):
        bridge = self.start('--shutdown.delay=10s')
        kept = self.connect(bridge)
        bridge.process.send_signal(signal.SIGTERM)
        eventually(lambda: bridge.request('GET', '/-/ready').status == 503, 'still ready')
        self.assertEqual(bridge.request('GET', '/ready').status, 503)
        self.assertEqual(bridge.request('GET', '/-/healthy').status, 200)
        self.assertEqual(bridge.write(b'late value=1').status, 204)
        kept.send(PING)
        self.assertNotIn('connection', kept.reply().headers)
        self.assertIn(b'late 1\n', bridge.scrape().body)
        self.assertEqual(bridge.wait(), 0)

    def test_the_delay_is_kept(self):
        bridge = self.start('--shutdown.delay=1500ms')
        begun = time.monotonic()
        self.assertEqual(bridge.stop(), 0)
        self.assertGreaterEqual(time.monotonic() - begun, 1.5)

    def test_a_write_in_flight_ends_with_its_reply(self):
        bridge = self.start()
        connection = self.connect(bridge)
        connection.send(HEAD + BODY[:5])
        started = self.connect(bridge)
        started.send(PING[:9])
        connection.send(BODY[5:9])
        bridge.process.send_signal(signal.SIGTERM)
        self.until_refused(bridge)
        connection.send(BODY[9:])
        started.send(PING[9:])
        for each in (connection, started):
            reply = each.reply()
            self.assertEqual((reply.status, reply.headers['connection']), (204, 'close'))
            self.assertRaises(Closed, each.reply)
        self.assertEqual(bridge.wait(), 0)

    def test_requests_that_have_arrived_are_answered(self):
        for count in range(10):
            bridge = self.start()
            connections = [self.connect(bridge) for _ in range(count)]
            for connection in connections:
                connection.send(PING * 3)
            bridge.process.send_signal(signal.SIGTERM)
            for connection in connections:
                for _ in range(3):
                    self.assertEqual(connection.reply().status, 204)
            self.assertEqual(bridge.wait(), 0)

    def test_a_scrape_in_flight_is_whole(self):
        bridge = self.start()
        lines = b''.join(b'many,n=%d,pad=%b value=%d\n' % (n, b'x' * 200, n) for n in range(20000))
        self.assertEqual(bridge.write(lines).status, 204)
        connection = self.connect(bridge, receive_buffer=4096)
        connection.send(b'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')
        connection.unread = connection.socket.recv(1000)
        bridge.process.send_signal(signal.SIGTERM)
        self.until_refused(bridge)
        self.assertEqual(connection.reply().body.count(b'\nmany{'), 20000)
        self.assertEqual(bridge.wait(), 0)

    def test_a_request_that_does_not_end_is_cut_off(self):
        bridge = self.start()
        connection = self.connect(bridge)
        connection.send(HEAD)
        other = self.connect(bridge)
        other.send(PING)
        other.reply()
        begun = time.monotonic()
        self.assertEqual(bridge.stop(), 0)
        self.assertGreater(time.monotonic() - begun, 4)
        self.assertLess(time.monotonic() - begun, 20)
        self.assertRaises(Closed, connection.reply)
        self.assertTrue(any('requests took too long' in line for line in bridge.log))

    def test_a_second_signal_ends_it_at_once(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            bridge = fluxgate_process.Fluxgate('--shutdown.delay=10m')
            bridge.process.send_signal(signal.SIGTERM)
            eventually(lambda: any('msg=stopping' in line for line in bridge.log), 'not stopping')
            self.assertEqual(bridge.stop(number), code)
