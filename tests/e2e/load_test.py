"""fluxgate at full speed: many writers, scrapers and bad clients at once; then the same until SIGTERM ends it."""
import gzip
import itertools
import random
import signal
import socket
import threading
import time
import traceback
import unittest

import bad_clients
import exposition
import fluxgate_process
from http_connection import Closed, Connection
from wait import eventually

WRITERS = 8
SERIES = 50
DATAGRAM_SERIES = 20
BULK_SERIES = 3000
LOAD_SECONDS = 5
IDLE_CONNECTIONS = 50
MEBIBYTE = 1 << 20
MEMORY_MAX = (1024 if fluxgate_process.SANITIZED else 64) * MEBIBYTE
OPENMETRICS_ACCEPT = 'application/openmetrics-text;version=1.0.0'
BATCHES_BEFORE_THE_SIGNAL = 20


class Crew:
    """Threads that repeat something until they are stopped; the first failure of any fails the test."""

    def __init__(self):
        self.stopped = threading.Event()
        self.failures = []
        self.threads = []

    def add(self, step, *arguments):
        """Repeats step(*arguments), or what it yields."""
        def work():
            try:
                for _ in step(*arguments):
                    if self.stopped.is_set():
                        return
            except Exception:  # pylint: disable=broad-except
                self.failures.append(traceback.format_exc())
                self.stopped.set()
        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def check(self):
        assert not self.failures, '\n'.join(self.failures)


def write_batches(port, writer, acknowledged):
    """Writes one value to all series of this writer, and the next; the odd writers use gzip, every third chunks."""
    with Connection(port) as connection:
        for value in itertools.count(1):
            body = b''.join(b'load,writer=%d,series=%d value=%d\n' % (writer, n, value) for n in range(SERIES))
            headers = []
            if writer % 2:
                body = gzip.compress(body, 1)
                headers = [('Content-Encoding', 'gzip')]
            if writer % 3:
                reply = connection.request('POST', '/write?db=load', body, headers)
            else:
                head = ''.join(f'{name}: {text}\r\n' for name, text in headers)
                connection.send(b'POST /api/v2/write?bucket=load HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n%b\r\n'
                                b'%x\r\n%b\r\n7\r\n%b\r\n0\r\n\r\n'
                                % (head.encode(), len(body) - 7, body[:-7], body[-7:]))
                reply = connection.reply()
            assert (reply.status, reply.body) == (204, b''), reply
            acknowledged[writer] = value
            yield


def send_datagrams(port, sent):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for value in itertools.count(1):
            for series in range(DATAGRAM_SERIES):
                sender.sendto(b'datagram,series=%d value=%d' % (series, value), ('127.0.0.1', port))
            sent[0] = value
            yield


def scrape(port, headers, acknowledged):
    """Every page is whole and exact, holds what was acknowledged before, and never goes back to an older value."""
    newest = {}
    with Connection(port) as connection:
        while True:
            before = dict(enumerate(acknowledged))
            reply = connection.request('GET', '/metrics', headers=headers)
            assert reply.status == 200, reply
            body = gzip.decompress(reply.body) if reply.headers.get('content-encoding') == 'gzip' else reply.body
            is_text = exposition.media_type(reply.headers['content-type']) == exposition.TEXT
            samples = exposition.read_text(body) if is_text else exposition.read_openmetrics(body)
            for (name, labels), text in samples.items():
                value = float(text)
                if name == 'load':
                    assert value >= before[int(dict(labels)['writer'])], (labels, value, before)
                if name in ('load', 'datagram'):
                    assert value >= newest.get((name, labels), 0), (labels, value, newest[name, labels])
                    newest[name, labels] = value
            assert newest.keys() <= samples.keys()
            yield


def misbehave(port, seed):
    generator = random.Random(seed)
    while True:
        for client in generator.sample(bad_clients.ALL, len(bad_clients.ALL)):
            client(port, generator)
            yield


def watch_memory(bridge, peak):
    while True:
        peak[0] = max(peak[0], bridge.memory())
        yield time.sleep(0.05)


class FullSpeed(unittest.TestCase):
    def test_every_reply_is_whole_and_no_value_is_lost(self):
        bridge = self.enterContext(fluxgate_process.Fluxgate())
        bridge.write(b''.join(b'bulk,n=%d value=%d\n' % (n, n) for n in range(BULK_SERIES)))
        acknowledged, sent, peak = [0] * WRITERS, [0], [0]
        idle = [self.enterContext(Connection(bridge.port)) for _ in range(IDLE_CONNECTIONS)]
        for number, connection in enumerate(idle):
            connection.send(b'POST /write HTTP/1.1\r\nContent-Length: 5\r\n\r\nm v'[:number])
        crew = Crew()
        self.addCleanup(crew.stop)
        for writer in range(WRITERS):
            crew.add(write_batches, bridge.port, writer, acknowledged)
        crew.add(send_datagrams, bridge.udp_port, sent)
        for headers in ([('Accept-Encoding', 'gzip')], [('Accept', OPENMETRICS_ACCEPT)]):
            crew.add(scrape, bridge.port, headers, acknowledged)
        for seed in range(2):
            crew.add(misbehave, bridge.port, seed)
        crew.add(watch_memory, bridge, peak)
        crew.stopped.wait(LOAD_SECONDS)
        crew.stop()
        crew.check()
        self.check_last_values(bridge, acknowledged, sent[0])
        self.assertGreater(min(acknowledged), 0)
        self.assertLess(peak[0], MEMORY_MAX)
        for connection in idle:
            connection.socket.close()

        def open_connections():
            page = bridge.scrape('/metrics/exporter').body
            return exposition.value_of(exposition.read_text(page), 'fluxgate_http_connections')
        eventually(lambda: open_connections() == 1, lambda: f'{open_connections()} connections are left')

    def check_last_values(self, bridge, acknowledged, sent):
        """Datagrams may get lost under load, so their last value is sent until it is there."""
        def arrived():
            for series in range(DATAGRAM_SERIES):
                bridge.send_udp(b'datagram,series=%d value=%d' % (series, sent))
            samples = exposition.read_text(bridge.scrape().body)
            values = [exposition.value_of(samples, 'datagram', series=str(n)) for n in range(DATAGRAM_SERIES)]
            return samples if values == [sent] * DATAGRAM_SERIES else None
        samples = eventually(arrived, 'the last values sent over UDP are not there')
        for writer, value in enumerate(acknowledged):
            for series in range(SERIES):
                self.assertEqual(exposition.value_of(samples, 'load', writer=str(writer), series=str(series)), value)
        self.assertEqual(sum(name == 'bulk' for name, _ in samples), BULK_SERIES)
        self.assertEqual(sum(name == 'load' for name, _ in samples), WRITERS * SERIES)


def write_lines(port, writer, acknowledged, ending):
    """A series for each request. After the signal a connection may end between two requests, never within a reply."""
    numbers = itertools.count(len(acknowledged))
    while True:
        try:
            with Connection(port) as connection:
                for number in numbers:
                    line = b'last,n=%d,writer=%d value=%d' % (number, writer, number)
                    reply = connection.request('POST', '/write', line)
                    assert (reply.status, reply.body) == (204, b''), reply
                    acknowledged.append(b'last{n="%d",writer="%d"} %d' % (number, writer, number))
                    yield
                    if reply.headers.get('connection') == 'close':
                        break
        except (Closed, ConnectionRefusedError, ConnectionResetError):
            assert ending.is_set(), 'a connection was ended before the signal'
            return


def scrape_lines(port, acknowledged, ending, scrapes):
    """What was acknowledged before a scrape began is in it."""
    while True:
        before = [(lines, len(lines)) for lines in acknowledged]
        had_begun = ending.is_set()
        try:
            with Connection(port) as connection:
                reply = connection.request('GET', '/metrics', headers=[('Connection', 'close')])
        except (Closed, ConnectionRefusedError, ConnectionResetError):
            assert ending.is_set(), 'a connection was ended before the signal'
            return
        assert reply.status == 200, reply
        page = set(reply.body.split(b'\n'))
        for lines, count in before:
            missing = [line for line in lines[:count] if line not in page]
            assert not missing, missing[:5]
        scrapes.append(had_begun)
        yield


class Ending(unittest.TestCase):
    def test_a_last_scrape_has_all_that_was_acknowledged(self):
        bridge = self.enterContext(fluxgate_process.Fluxgate('--shutdown.delay=5s'))
        acknowledged = [[] for _ in range(WRITERS)]
        ending, scrapes = threading.Event(), []
        crew = Crew()
        self.addCleanup(crew.stop)
        for writer, lines in enumerate(acknowledged):
            crew.add(write_lines, bridge.port, writer, lines, ending)
        for _ in range(2):
            crew.add(scrape_lines, bridge.port, acknowledged, ending, scrapes)
        eventually(lambda: crew.failures or min(map(len, acknowledged)) >= BATCHES_BEFORE_THE_SIGNAL, 'no writes')
        crew.check()
        self.assertEqual(bridge.request('GET', '/-/ready').status, 200)
        at_signal = sum(map(len, acknowledged))
        ending.set()
        bridge.process.send_signal(signal.SIGTERM)
        eventually(lambda: bridge.request('GET', '/-/ready').status == 503, 'still ready')
        self.assertEqual(bridge.process.wait(60), 0)
        for thread in crew.threads:
            thread.join(60)
        crew.check()
        self.assertTrue(any(scrapes), 'no scrape came after the signal')
        self.assertGreater(sum(map(len, acknowledged)), at_signal, 'no write was taken after the signal')


if __name__ == '__main__':
    unittest.main()
