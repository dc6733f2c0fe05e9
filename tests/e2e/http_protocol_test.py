"""Requests and replies as HTTP has them, and clients that do not keep to it."""
import json
import os
import re
import resource
import socket
import unittest

import fluxgate_process
from http_connection import Closed, Connection, CutOff
from wait import eventually

LINE = b'm,t=a value=1\n'
UUID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')


def write(body=LINE, extra=b'', path=b'/write?db=d', version=b'1.1'):
    return (b'POST %b HTTP/%b\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n%b' %
            (path, version, len(body), extra, body))


def get(path=b'/ping', extra=b'', version=b'1.1', method=b'GET'):
    return b'%b %b HTTP/%b\r\nHost: a\r\n%b\r\n' % (method, path, version, extra)


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate())

    def connect(self):
        return self.enterContext(Connection(self.bridge.port))

    def assert_closed(self, connection):
        self.assertRaises(Closed, connection.reply)

    def ask(self, data, method='GET'):
        connection = self.connect()
        connection.send(data)
        return connection.reply(method)


class RepliesTest(HttpTest):
    def test_every_reply_says_who_answers(self):
        for data in (get(), get(b'/nope'), write(b'bad'), get(b'/metrics'), b'nonsense\r\n\r\n'):
            with self.subTest(data=data):
                headers = self.ask(data).headers
                self.assertEqual(headers['x-influxdb-version'], '1.8.10')
                self.assertEqual(headers['x-influxdb-build'], 'OSS')
                self.assertRegex(headers['request-id'], UUID)
                self.assertEqual(headers['x-request-id'], headers['request-id'])
                self.assertRegex(headers['date'], r'^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$')

    def test_request_ids_are_echoed_if_they_are_sane(self):
        for extra, expected in ((b'X-Request-Id: one\r\n', 'one'), (b'Request-Id: two\r\n', 'two'),
                                (b'Request-Id: two\r\nX-Request-Id: one\r\n', 'one')):
            self.assertEqual(self.ask(get(extra=extra)).headers['request-id'], expected)
        for extra in (b'X-Request-Id: ' + b'x' * 129, b'X-Request-Id: a b', b'X-Request-Id: caf\xe9'):
            self.assertRegex(self.ask(get(extra=extra + b'\r\n')).headers['request-id'], UUID)

    def test_no_content_has_neither_body_nor_length(self):
        for data in (write(), get(), write(b''), write(b'# only a comment\n')):
            reply = self.ask(data)
            self.assertEqual(reply.status, 204)
            self.assertNotIn('content-length', reply.headers)
            self.assertNotIn('transfer-encoding', reply.headers)

    def test_unknown_paths(self):
        reply = self.ask(get(b'/nope'))
        self.assertEqual((reply.status, json.loads(reply.body)), (404, {'error': 'not found'}))
        reply = self.ask(get(b'/api/v2/nope'))
        self.assertEqual((reply.status, json.loads(reply.body)),
                         (404, {'code': 'not found', 'message': 'path not found'}))

    def test_other_methods(self):
        for method, path, allow in ((b'GET', b'/write', 'OPTIONS, POST'), (b'DELETE', b'/query', 'GET, HEAD, OPTIONS, POST'),
                                    (b'POST', b'/metrics', 'GET, HEAD, OPTIONS'), (b'BREW', b'/ping', 'GET, HEAD, OPTIONS, POST')):
            reply = self.ask(get(path, method=method))
            self.assertEqual((reply.status, reply.headers['allow']), (405, allow))
            self.assertIn('error', json.loads(reply.body))
        reply = self.ask(get(b'/api/v2/write'))
        self.assertEqual((reply.status, json.loads(reply.body)['code']), (405, 'method not allowed'))

    def test_options(self):
        reply = self.ask(get(b'/write', method=b'OPTIONS'))
        self.assertEqual((reply.status, reply.headers['allow']), (200, 'OPTIONS, POST'))
        self.assertEqual(self.ask(get(b'/nope', method=b'OPTIONS')).status, 404)

    def test_head_is_get_without_the_body(self):
        for path in (b'/', b'/ping', b'/health', b'/ready', b'/-/ready', b'/metrics', b'/metrics/exporter',
                     b'/status/rejections', b'/query?q=SHOW+DATABASES'):
            with self.subTest(path=path):
                connection = self.connect()
                connection.send(get(path, method=b'HEAD') + get(path))
                head, whole = connection.reply('HEAD'), connection.reply()
                self.assertEqual(head.status, whole.status)
                for name in ('content-type', 'transfer-encoding', 'vary', 'content-length'):
                    self.assertEqual(head.headers.get(name), whole.headers.get(name))

    def test_scrapes_say_what_they_vary_by(self):
        reply = self.ask(get(b'/metrics', b'Accept-Encoding: gzip\r\n'))
        self.assertEqual(reply.headers['vary'], 'Accept, Accept-Encoding')
        self.assertEqual(reply.headers['content-encoding'], 'gzip')
        self.assertEqual(reply.body[:2], b'\x1f\x8b')

    def test_flux_queries_have_an_empty_answer(self):
        reply = self.ask(write(b'from(bucket:"b")', path=b'/api/v2/query?org=o'))
        self.assertEqual((reply.status, reply.headers['content-type'], reply.body),
                         (200, 'text/csv; charset=utf-8', b''))

    def test_double_slashes_and_absolute_targets(self):
        for path in (b'//write?db=d', b'/api//v2///write?bucket=b', b'http://host:9122/write?db=d', b'http://host//write?db=d'):
            self.assertEqual(self.ask(write(path=path)).status, 204, path)
        self.assertEqual(self.ask(get(b'http://host')).status, 200)


class ConnectionsTest(HttpTest):
    def test_connections_are_kept(self):
        connection = self.connect()
        for data in (write(), get(), get(b'/nope'), write(b'bad'), get(b'/metrics'), write()):
            connection.send(data)
            self.assertNotIn('connection', connection.reply().headers)

    def test_pipelined_requests_are_answered_in_order(self):
        connection = self.connect()
        connection.send((write(b'bad') + get() + get(b'/metrics') + write() + get(b'/nope')) * 40)
        statuses = [connection.reply().status for _ in range(200)]
        self.assertEqual(statuses, [400, 204, 200, 204, 404] * 40)

    def test_close_is_honoured(self):
        connection = self.connect()
        connection.send(get(extra=b'Connection: close\r\n') + get())
        self.assertEqual(connection.reply().headers['connection'], 'close')
        self.assert_closed(connection)

    def test_http_1_0_closes_unless_asked_to_keep(self):
        connection = self.connect()
        connection.send(get(extra=b'Connection: keep-alive\r\n', version=b'1.0') + write(version=b'1.0'))
        self.assertEqual(connection.reply().headers['connection'], 'keep-alive')
        reply = connection.reply()
        self.assertEqual((reply.status, reply.headers['connection']), (204, 'close'))
        self.assert_closed(connection)

    def test_http_1_0_scrapes_end_with_the_connection(self):
        connection = self.connect()
        connection.send(get(b'/metrics', b'Connection: keep-alive\r\n', b'1.0'))
        with connection.socket.makefile('rb') as file:
            head, _, body = file.read().partition(b'\r\n\r\n')
        self.assertNotIn(b'chunked', head)
        self.assertIn(b'Connection: close', head)
        self.assertTrue(body.startswith(b'# HELP'))
        self.assertTrue(body.endswith(b'\n'))

    def test_half_closed_connections_get_their_reply(self):
        connection = self.connect()
        connection.send(write())
        connection.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(connection.reply().status, 204)
        self.assert_closed(connection)

    def test_bare_line_ends(self):
        connection = self.connect()
        connection.send(b'POST /write?db=d HTTP/1.1\nHost: a\nContent-Length: 9\n\nm value=1' + get() + b'GET /ping HTTP/1.0\n\n')
        self.assertEqual([connection.reply().status for _ in range(3)], [204, 204, 204])
        self.assert_closed(connection)

    def test_one_byte_at_a_time(self):
        connection = self.connect()
        for byte in write(extra=b'X-Request-Id: slow\r\n'):
            connection.send(bytes([byte]))
        reply = connection.reply()
        self.assertEqual((reply.status, reply.headers['request-id']), (204, 'slow'))

    def test_blank_lines_between_requests(self):
        connection = self.connect()
        connection.send(b'\r\n\r\n' + get() + b'\r\n' + get())
        self.assertEqual([connection.reply().status, connection.reply().status], [204, 204])

    def test_broken_clients_disturb_nobody(self):
        for data in (b'', b'P', b'POST /write', write()[:-5], b'\x16\x03\x01\x02', get(b'/metrics')):
            for end in (Connection.reset, lambda connection: connection.socket.close()):
                connection = Connection(self.bridge.port)
                connection.send(data)
                end(connection)
        self.assertEqual(self.ask(get()).status, 204)

    @unittest.skipIf(fluxgate_process.SANITIZED, 'the sanitizers need file descriptors themselves')
    def test_no_file_descriptors_left(self):
        with fluxgate_process.Fluxgate() as bridge:
            pid = bridge.process.pid
            limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(os.listdir(f'/proc/{pid}/fd')) + 5, limits[1]))
            connections = [self.enterContext(Connection(bridge.port)) for _ in range(20)]
            eventually(lambda: any('cannot accept' in line for line in bridge.log), 'the limit was not met')
            connections[0].send(get())
            self.assertEqual(connections[0].reply().status, 204)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
            for connection in connections:
                connection.send(get())
                self.assertEqual(connection.reply().status, 204)
            # At most one in ten seconds, however long this took.
            self.assertLess(sum('cannot accept' in line for line in bridge.log), 5)

    def test_too_many_connections(self):
        with fluxgate_process.Fluxgate('--web.max-connections=3') as bridge:
            kept = [self.enterContext(Connection(bridge.port)) for _ in range(3)]
            for connection in kept:
                connection.send(get())
                self.assertEqual(connection.reply().status, 204)
            refused = self.enterContext(Connection(bridge.port))
            refused.send(write())
            reply = refused.reply()
            self.assertEqual((reply.status, reply.headers['retry-after'], reply.headers['connection']), (503, '1', 'close'))
            self.assert_closed(refused)
            kept[0].send(get())
            self.assertEqual(kept[0].reply().status, 204)
            kept[1].socket.close()

            def served():
                with Connection(bridge.port) as late:
                    late.send(get())
                    try:
                        return late.reply().status == 204
                    except (Closed, CutOff):
                        return False  # too many are being told so
            # The place becomes free when fluxgate sees the end of the connection.
            eventually(served, 'the place was not given again')


class MalformedRequestsTest(HttpTest):
    def refused(self, data, status):
        connection = self.connect()
        connection.send(data)
        reply = connection.reply()
        self.assertEqual(reply.status, status)
        self.assertEqual(reply.headers['connection'], 'close')
        self.assertIn('error', json.loads(reply.body))
        self.assert_closed(connection)

    def test_not_http(self):
        for data in (b'cpu value=1\n\r\n\r\n', b'GET\r\n\r\n', b'GET / FTP/1.1\r\n\r\n', b'\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n',
                     b'GET / HTTP/1.1\r\nno colon\r\n\r\n', b'GET / HTTP/1.1\r\n: x\r\n\r\n',
                     b'GET / HTTP/1.1\r\nbad name: x\r\n\r\n', b'GET /\x01 HTTP/1.1\r\n\r\n'):
            with self.subTest(data=data):
                connection = self.connect()
                connection.send(data)
                self.assertIn(connection.reply().status, (400, 505))
                self.assert_closed(connection)

    def test_other_versions(self):
        self.refused(b'GET / HTTP/2.0\r\n\r\n', 505)
        self.refused(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505)

    def test_contradictory_lengths(self):
        for extra in (b'Content-Length: 3\r\n', b'Transfer-Encoding: chunked\r\n', b'Content-Length: x\r\n'):
            self.refused(write(extra=extra), 400)
        self.refused(b'POST /write?db=d HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400)

    def test_transfer_codings(self):
        for coding in (b'gzip', b'gzip, chunked', b'identity', b'chunked, gzip'):
            self.refused(b'POST /write?db=d HTTP/1.1\r\nTransfer-Encoding: %b\r\n\r\n0\r\n\r\n' % coding, 501)

    def test_expectations(self):
        self.assertEqual(self.ask(write(extra=b'Expect: magic\r\n')).status, 417)

    def test_head_at_its_limit(self):
        start = b'GET /ping HTTP/1.1\r\nX: '
        room = 65536 - len(start) - 4
        self.assertEqual(self.ask(start + b'x' * room + b'\r\n\r\n').status, 204)
        self.refused(start + b'x' * (room + 1) + b'\r\n\r\n', 431)

    def test_many_header_lines(self):
        self.assertEqual(self.ask(get(extra=b''.join(b'X-%d: y\r\n' % n for n in range(3000)))).status, 204)
        self.refused(get(extra=b''.join(b'X-%d: y\r\n' % n for n in range(20000))), 431)

    def test_a_head_without_end(self):
        self.refused(b'GET /' + b'x' * 200000, 431)
        connection = self.connect()
        connection.send(b'GET / HTTP/1.1\r\n')
        for _ in range(100):
            connection.send(b'X-Header: %b\r\n' % (b'x' * 1000))
        self.assertEqual(connection.reply().status, 431)
