"""Requests as writers put them on the wire, byte for byte, and what fluxgate makes of them.

A head is the text that a writer sends: first line and headers, in its order and spelling. What it says decides the form of the
body, which is given plain: gzip, chunked, sent after `100 Continue`. In heads and bodies, $host, $length, $empty and the
times $ns $us $ms $s stand for what differs from run to run.
"""
import gzip
import json
import re
import string
import time
import unittest

import exposition
import fluxgate_process
import http_connection
from wait import eventually


def fill(text, **values):
    now = time.time_ns()
    times = {'ns': now, 'us': now // 1000, 'ms': now // 1000000, 's': now // 1000000000}
    return string.Template(text).substitute(times, empty='', **values)


def says(head, field, value):
    return re.search(rf'^{field}: {value}$', head, re.I | re.M)


def body_bytes(head, body):
    """The body in the form that the head announces."""
    data = fill(body).encode() if isinstance(body, str) else body
    if says(head, 'Content-Encoding', 'gzip'):
        data = gzip.compress(data)
    length = len(data)
    if says(head, 'Transfer-Encoding', 'chunked'):
        data = b'%x\r\n%b\r\n0\r\n\r\n' % (length, data) if data else b'0\r\n\r\n'
    return data, length


def ends_connection(head):
    """Whether the writer reads no second reply from the connection."""
    if head.partition('\n')[0].endswith('HTTP/1.0'):
        return not says(head, 'Connection', 'keep-alive')
    return says(head, 'Connection', '(TE, )?close')


class WriterTest(unittest.TestCase):
    """What one writer does, in its order; those who run the scripts set `bridge`, a fluxgate that all share."""
    bridge = None

    def setUp(self):
        self._connection = None

    def connect(self, address):
        """The writer's next connection, if it is not to the first port of the bridge."""
        self._connection = self.enterContext(http_connection.Connection(address))

    def start(self, *flags):
        """From here on the writer has a fluxgate of its own."""
        self.bridge = self.enterContext(fluxgate_process.Fluxgate(*flags))

    def start_full(self):
        """The same, with no place for one more connection."""
        self.start('--web.max-connections=1')
        other = self.enterContext(http_connection.Connection(self.bridge.port))
        self.assertEqual(other.request('GET', '/ping').status, 204)

    def send(self, head, body=''):
        """The reply to one request; the connection is kept or closed as the writer says, and must be by fluxgate."""
        head = '\n'.join(line.strip() for line in head.splitlines() if line.strip())
        data, length = body_bytes(head, body)
        filled = fill(head, host=f'127.0.0.1:{self.bridge.port}', length=length)
        if self._connection is None:
            self.connect(self.bridge.port)
        connection = self._connection
        connection.send(filled.replace('\n', '\r\n').encode() + b'\r\n\r\n')
        if says(head, 'Expect', '100-continue'):
            self.assertEqual(connection.reply().status, 100)
        connection.send(data)
        reply = connection.reply(head.partition(' ')[0])
        if says(reply_fields(reply), 'connection', 'close') or ends_connection(head):
            with self.assertRaises(http_connection.Closed):
                connection.reply()
            self._connection = None
        if head.partition('\n')[0].endswith('HTTP/1.0'):
            self.assertNotIn('transfer-encoding', reply.headers)
        for field in ('x-influxdb-version', 'x-influxdb-build', 'request-id', 'date'):
            self.assertIn(field, reply.headers, head)
        if not says(head, 'Accept-Encoding', '.*gzip.*'):
            self.assertNotIn('content-encoding', reply.headers, 'the writer cannot decode it')
        return reply

    def send_datagram(self, text, listener=0):
        self.bridge.send_udp(fill(text).encode(), listener)

    def read_json(self, reply):
        self.assertEqual(reply.headers['content-type'].partition(';')[0], 'application/json')
        is_gzip = reply.headers.get('content-encoding') == 'gzip'
        return json.loads(gzip.decompress(reply.body) if is_gzip else reply.body)

    def value(self, metric_name, **labels):
        return exposition.value_of(exposition.read_text(self.bridge.scrape().body), metric_name, **labels)

    def serves(self, metric_name, value, **labels):
        """/metrics has the value now, as it must when the write was answered."""
        self.assertEqual(self.value(metric_name, **labels), value, (metric_name, labels))

    def comes_to_serve(self, metric_name, value, **labels):
        """The same of what came without a reply."""
        eventually(lambda: self.value(metric_name, **labels) == value,
                   lambda: f'{metric_name} {labels} is {self.value(metric_name, **labels)}')


def reply_fields(reply):
    return '\n'.join(f'{name}: {value}' for name, value in reply.headers.items())
