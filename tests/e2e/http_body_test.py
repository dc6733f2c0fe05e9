"""Bodies in all the ways they may come: whole, chunked, compressed, too large, broken off."""
import gzip
import json
import random
import struct
import threading
import unittest
import zlib

import exposition
import fluxgate_process
from http_connection import Closed, Connection

MEBIBYTE = 1 << 20
HEAD = b'POST %b HTTP/1.1\r\nHost: a\r\n%b\r\n'
# What one request may take up, and what an allocator keeps back.
MEMORY_GROWTH_MAX = (3 if not fluxgate_process.SANITIZED else 400) * MEBIBYTE


def chunked(body, sizes, end=b'0\r\n\r\n', extension=b''):
    parts = []
    while body:
        size = next(sizes)
        parts.append(b'%x%b\r\n%b\r\n' % (len(body[:size]), extension, body[:size]))
        body = body[size:]
    return b''.join(parts) + end


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def zstd_frame(body):
    """One frame of one block that is not compressed."""
    return struct.pack('<IBI', 0xfd2fb528, 0xa0, len(body)) + (len(body) << 3 | 1).to_bytes(3, 'little') + body


def snappy_block(body):
    """All literal."""
    assert len(body) < 60
    return bytes([len(body), (len(body) - 1) << 2]) + body


def snappy_frames(body):
    checksum = 0xffffffff
    for byte in body:
        checksum ^= byte
        for _ in range(8):
            checksum = checksum >> 1 ^ (0x82f63b78 if checksum & 1 else 0)
    checksum ^= 0xffffffff
    masked = ((checksum >> 15 | checksum << 17) + 0xa282ead8) & 0xffffffff
    return (b'\xff\x06\0\0sNaPpY\x01' + (len(body) + 4).to_bytes(3, 'little') + struct.pack('<I', masked) + body)


def repeat(size):
    while True:
        yield size


class BodyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate())

    def connect(self):
        return self.enterContext(Connection(self.bridge.port))

    def send(self, extra, body, path=b'/write?db=d'):
        connection = self.connect()
        connection.send(HEAD % (path, extra) + body)
        return connection.reply()

    def values(self, name):
        """The values of a family."""
        samples = exposition.read_text(self.bridge.scrape().body)
        return [value for (family, _), value in samples.items() if family == name]


class ChunkedTest(BodyTest):
    EXTRA = b'Transfer-Encoding: chunked\r\n'

    def test_any_split_gives_the_same_lines(self):
        chance = random.Random(4)
        for case, sizes in enumerate((repeat(1), repeat(7), repeat(65536), iter(lambda: chance.randint(1, 300), None))):
            name = b'split%d' % case
            body = b''.join(b'%b,n=%d value=%d\n' % (name, n, n) for n in range(500))
            reply = self.send(self.EXTRA, chunked(body, sizes))
            self.assertEqual(reply.status, 204)
            self.assertEqual(len(self.values(name.decode())), 500)

    def test_extensions_and_trailers(self):
        body = chunked(b'trailers value=1\n', repeat(5), b'0;last\r\nX-Sum: 1\r\nConnection: close\r\n\r\n', b';a=b;c="d"')
        connection = self.connect()
        connection.send(HEAD % (b'/write?db=d', self.EXTRA) + body + HEAD.replace(b'POST', b'GET') % (b'/ping', b''))
        self.assertEqual([connection.reply().status, connection.reply().status], [204, 204])

    def test_large_chunks_arrive_in_pieces(self):
        body = b''.join(b'piecewise,n=%d value=1\n' % (n % 100) for n in range(100000))
        self.assertEqual(self.send(self.EXTRA, chunked(body, repeat(1 << 20))).status, 204)

    def test_malformed_chunks(self):
        for body in (b'x\r\n', b'5\r\nabcdefgh\r\n', b'-5\r\n', b'fffffffffffffffff\r\n', b'5' + b' ' * 100000,
                     b'0\r\n' + b'X: y\r\n' * 20000, b'0\r\nbad trailer\r\n\r\n'):
            with self.subTest(body=body[:30]):
                connection = self.connect()
                connection.send(HEAD % (b'/write?db=d', self.EXTRA) + body)
                reply = connection.reply()
                self.assertEqual((reply.status, reply.headers['connection']), (400, 'close'))
                self.assertIn('chunk', json.loads(reply.body)['error'])
                self.assertRaises(Closed, connection.reply)

    def test_cut_off_bodies_leave_no_half_line(self):
        for extra, body in ((self.EXTRA, b'e\r\ncut,f=c value=1'), (b'Content-Length: 100\r\n', b'cut,f=l value=1')):
            connection = self.connect()
            connection.send(HEAD % (b'/write?db=d', extra) + body)
            connection.socket.shutdown(1)
            reply = connection.reply()
            self.assertEqual((reply.status, reply.headers['connection']), (400, 'close'))
            self.assertIn('unexpected end', json.loads(reply.body)['error'])
            self.assertRaises(Closed, connection.reply)
        self.assertEqual(self.values('cut'), [])


class ContinueTest(BodyTest):
    def test_the_client_is_told_to_go_on(self):
        for extra in (b'Content-Length: 8\r\n', b'Transfer-Encoding: chunked\r\n'):
            connection = self.connect()
            connection.send(HEAD % (b'/write?db=d', extra + b'Expect: 100-continue\r\n'))
            self.assertEqual(connection.reply().status, 100)
            connection.send(b'm v=1   ' if b'Length' in extra else chunked(b'm v=1', repeat(9)))
            self.assertEqual(connection.reply().status, 204)

    def test_a_client_that_does_not_wait_is_not_told(self):
        reply = self.send(b'Content-Length: 5\r\nExpect: 100-continue\r\n', b'm v=1')
        self.assertEqual(reply.status, 204)

    def test_a_body_that_is_not_wanted_is_not_asked_for(self):
        for path, length, status in ((b'/write?db=d', 1 << 40, 413), (b'/write?db=d&precision=x', 10, 400), (b'/nope', 10, 404)):
            connection = self.connect()
            connection.send(HEAD % (path, b'Content-Length: %d\r\nExpect: 100-continue\r\n' % length))
            reply = connection.reply()
            self.assertEqual((reply.status, reply.headers['connection']), (status, 'close'))
            self.assertRaises(Closed, connection.reply)


class CodingTest(BodyTest):
    def test_gzip_of_several_members_under_any_name(self):
        body = gzip.compress(b'members,n=1 value=1\n') + gzip.compress(b'') + gzip.compress(b'members,n=2 value=2\n')
        for coding in (b'gzip', b'x-gzip', b'GZip', b' gzip '):
            reply = self.send(b'Content-Length: %d\r\nContent-Encoding: %b\r\n' % (len(body), coding), body)
            self.assertEqual(reply.status, 204)
        self.assertEqual(len(self.values('members')), 2)

    def test_gzip_in_chunks(self):
        body = gzip.compress(b''.join(b'both,n=%d value=1\n' % n for n in range(2000)))
        for size in (1, 100, 100000):
            extra = b'Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n'
            self.assertEqual(self.send(extra, chunked(body, repeat(size))).status, 204)
        self.assertEqual(len(self.values('both')), 2000)

    def test_broken_gzip_is_the_clients_fault(self):
        whole = gzip.compress(b'm value=1\n' * 1000)
        for body in (b'm value=1\n', whole[:-1], whole[:30], whole[:-8] + b'\0' * 8, whole + b'x'):
            reply = self.send(b'Content-Length: %d\r\nContent-Encoding: gzip\r\n' % len(body), body)
            self.assertEqual(reply.status, 400, body[:20])

    def test_every_coding_and_several(self):
        plain = b'coded,n=%d value=1\n'
        for n, (coding, encode) in enumerate((
                (b'deflate', zlib.compress), (b'deflate', raw_deflate), (b'zstd', zstd_frame), (b'snappy', snappy_block),
                (b'snappy', snappy_frames), (b'x-snappy-framed', snappy_frames), (b'identity', lambda body: body),
                (b'gzip, zstd', lambda body: zstd_frame(gzip.compress(body))),
                (b'snappy, identity, deflate, gzip', lambda body: gzip.compress(zlib.compress(snappy_block(body)))))):
            with self.subTest(coding=coding):
                body = encode(plain % n)
                self.assertEqual(self.send(b'Content-Length: %d\r\nContent-Encoding: %b\r\n' % (len(body), coding), body).status, 204)
                extra = b'Content-Encoding: %b\r\nTransfer-Encoding: chunked\r\n' % coding
                self.assertEqual(self.send(extra, chunked(body, repeat(3))).status, 204)
                self.assertEqual(len(self.values('coded')), n + 1)
                if coding != b'identity':
                    reply = self.send(b'Content-Length: 9\r\nContent-Encoding: %b\r\n' % coding, b'\x80m value=')
                    self.assertEqual(reply.status, 400)
                    self.assertIn('invalid or truncated stream', json.loads(reply.body)['error'])

    def test_unknown_codings(self):
        for coding in (b'br', b'lz4', b'gzip, br', b'gzip, gzip'):
            body = zlib.compress(b'm value=1')
            for path, key in ((b'/write?db=d', 'error'), (b'/api/v2/write?bucket=b', 'message')):
                reply = self.send(b'Content-Length: %d\r\nContent-Encoding: %b\r\n' % (len(body), coding), body, path)
                self.assertEqual(reply.status, 415)
                self.assertIn(coding.decode(), json.loads(reply.body)[key])


class SizeTest(BodyTest):
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate(
            '--web.max-body-size=100KiB', '--web.max-inflated-size=1MiB', '--influxdb.max-line-size=10KiB'))

    def test_bodies_at_the_limit(self):
        for extra in (0, 1):
            body = b'#' + b' ' * (100 * 1024 - 2 + extra) + b'\n'
            reply = self.send(b'Content-Length: %d\r\n' % len(body), body)
            self.assertEqual(reply.status, 413 if extra else 204)
            reply = self.send(b'Transfer-Encoding: chunked\r\n', chunked(body, repeat(1000)))
            self.assertEqual(reply.status, 413 if extra else 204)

    def test_inflated_bodies_at_the_limit(self):
        for extra in (0, 1):
            body = gzip.compress((b'\n' * (MEBIBYTE + extra)))
            reply = self.send(b'Content-Length: %d\r\nContent-Encoding: gzip\r\n' % len(body), body)
            self.assertEqual(reply.status, 413 if extra else 204)

    def test_a_client_that_sends_on_can_read_the_reply(self):
        body = b'x' * (20 * MEBIBYTE)
        for extra, payload in ((b'Content-Length: %d\r\n' % len(body), body),
                               (b'Transfer-Encoding: chunked\r\n', chunked(body, repeat(MEBIBYTE)))):
            for path in (b'/write?db=d', b'/api/v2/write?bucket=b'):
                reply = self.send(extra, payload, path)
                self.assertEqual((reply.status, reply.headers['connection']), (413, 'close'))
                self.assertTrue(json.loads(reply.body))

    def test_small_bodies_nobody_wants_do_not_cost_the_connection(self):
        connection = self.connect()
        for path in (b'/nope', b'/write?db=d&precision=x', b'/api/v2/query', b'/write?db=d'):
            connection.send(HEAD % (path, b'Content-Length: 60000\r\n') + b' ' * 60000)
            self.assertNotIn('connection', connection.reply().headers, path)

    def test_forms_of_queries(self):
        form = b'q=CREATE+DATABASE+%22made%22'
        self.assertEqual(self.send(b'Content-Length: %d\r\n' % len(form), form, b'/query').status, 200)
        self.assertEqual(self.send(b'Transfer-Encoding: chunked\r\n', chunked(form, repeat(3)), b'/query').status, 200)
        self.assertIn(b'made', self.bridge.request('GET', '/query?q=SHOW+DATABASES').body)
        large = form + b'&x=' + b'y' * 70000
        self.assertEqual(self.send(b'Content-Length: %d\r\n' % len(large), large, b'/query').status, 413)
        self.assertEqual(self.send(b'Transfer-Encoding: chunked\r\n', chunked(large, repeat(500)), b'/query').status, 413)

    def test_a_huge_line_is_one_rejection(self):
        body = b'before value=1\n' + b'x' * 50000 + b'\nbehind value=1\n'
        reply = self.send(b'Content-Length: %d\r\n' % len(body), body)
        self.assertEqual(reply.status, 400)
        self.assertTrue(json.loads(reply.body)['error'].startswith('partial write'))
        self.assertEqual((len(self.values('before')), len(self.values('behind'))), (1, 1))


class MemoryTest(unittest.TestCase):
    def grown_by(self, bridge, send):
        """By how much memory grows beyond what a first, smaller request of the kind needs."""
        send(1)
        before = bridge.memory('VmHWM')
        send(50)
        return bridge.memory('VmHWM') - before

    def test_bodies_of_50_mebibytes_take_no_more_than_small_ones(self):
        lines = b''.join(b'big,n=%d value=1.5,other=2i 1700000000\n' % (n % 50) for n in range(25000))[:MEBIBYTE]
        lines = lines[:lines.rindex(b'\n') + 1]
        with fluxgate_process.Fluxgate('--web.max-body-size=1GiB', '--web.max-inflated-size=1GiB') as bridge:
            def send(count):
                with Connection(bridge.port) as connection:
                    connection.send(HEAD % (b'/write?db=d&precision=s', b'Content-Length: %d\r\n' % (len(lines) * count)))
                    for _ in range(count):
                        connection.send(lines)
                    self.assertEqual(connection.reply().status, 204)
            self.assertLess(self.grown_by(bridge, send), MEMORY_GROWTH_MAX)

            def send_gzip(count):
                body = gzip.compress(lines * count, 1)
                reply = bridge.write(body, headers={'Content-Encoding': 'gzip'})
                self.assertEqual(reply.status, 204)
            self.assertLess(self.grown_by(bridge, send_gzip), MEMORY_GROWTH_MAX)

    def test_a_large_body_does_not_hold_up_others(self):
        lines = b'big value=1\n' * 10000
        with fluxgate_process.Fluxgate('--runtime.threads=1', '--web.max-body-size=1GiB') as bridge:
            begun, enough = threading.Event(), threading.Event()

            def pieces():
                while not enough.is_set():
                    yield lines
                    begun.set()
            sender = threading.Thread(target=lambda: bridge.write(pieces()))
            sender.start()
            try:
                begun.wait(fluxgate_process.PATIENCE_SECONDS)
                with Connection(bridge.port) as connection:
                    for _ in range(20):
                        connection.send(b'GET /ping HTTP/1.1\r\n\r\n')
                        self.assertEqual(connection.reply().status, 204)
            finally:
                enough.set()
                sender.join()
