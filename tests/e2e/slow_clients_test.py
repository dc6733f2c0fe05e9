"""Clients that stop in the middle: each connection has its time, and no longer."""
import time
import unittest

import fluxgate_process
from http_connection import Closed, Connection, CutOff

HEAD_SECONDS = 15
BODY_SECONDS = 30
# Deadlines are looked at about once a second, and the machine may be busy.
SLACK_SECONDS = 20


class SlowClientsTest(unittest.TestCase):
    def test_who_stands_still_is_cut_off(self):
        bridge = self.enterContext(fluxgate_process.Fluxgate())

        def connect(data):
            connection = self.enterContext(Connection(bridge.port))
            connection.send(data)
            return connection
        idle = connect(b'')
        used = connect(b'GET /ping HTTP/1.1\r\n\r\n')
        self.assertEqual(used.reply().status, 204)
        used.send(b'\r\n')  # as some clients do behind a body: no request begins with it
        head = connect(b'GET /ping HTT')
        trickling = connect(b'GET /ping HTTP/1.1\r\nX: ')
        body = connect(b'POST /write?db=d HTTP/1.1\r\nContent-Length: 100\r\n\r\nm value=1')
        chunk = connect(b'POST /write?db=d HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nm value=1')
        begun = time.monotonic()
        # Bytes of a header do not prolong its time.
        trickling.socket.settimeout(1)
        while trickling.send(b'y') and time.monotonic() < begun + HEAD_SECONDS + SLACK_SECONDS:
            try:
                self.assertEqual(trickling.socket.recv(1), b'')
                break
            except TimeoutError:
                pass
            except ConnectionResetError:
                break
        for connection, seconds in ((trickling, HEAD_SECONDS), (head, HEAD_SECONDS), (body, BODY_SECONDS), (chunk, BODY_SECONDS)):
            try:
                self.assertRaises(Closed, connection.reply)
            except (CutOff, TimeoutError) as failure:
                self.fail(f'not closed, but {failure!r}')
            lasted = time.monotonic() - begun
            self.assertGreater(lasted, seconds - 2)
            self.assertLess(lasted, seconds + SLACK_SECONDS)
        for connection in (idle, used):
            connection.send(b'GET /ping HTTP/1.1\r\n\r\n')
            self.assertEqual(connection.reply().status, 204)
