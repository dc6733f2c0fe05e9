"""Connections that scrape: they move to another thread, and whatever else they send is served there."""
import threading
import unittest

import fluxgate_process
from http_connection import Closed, Connection

SCRAPE = b'GET /metrics HTTP/1.1\r\nHost: a\r\n%b\r\n'


def write(value):
    body = b'm,t=a value=%d\n' % value
    return b'POST /write?db=d HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b' % (len(body), body)


class ScrapeConnectionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate())

    def connect(self):
        return self.enterContext(Connection(self.bridge.port))

    def test_writes_and_scrapes_follow_each_other_on_one_connection(self):
        connection = self.connect()
        for value in range(1, 6):
            connection.send(write(value))
            self.assertEqual(connection.reply().status, 204)
            connection.send(SCRAPE % b'')
            self.assertIn(b'\nm{t="a"} %d\n' % value, connection.reply().body)

    def test_pipelined_requests_are_answered_in_order(self):
        connection = self.connect()
        connection.send(b''.join(write(value) + SCRAPE % b'' for value in range(11, 31)))
        for value in range(11, 31):
            self.assertEqual(connection.reply().status, 204)
            self.assertIn(b'\nm{t="a"} %d\n' % value, connection.reply().body)

    def test_a_request_cut_off_behind_a_scrape_goes_on(self):
        connection = self.connect()
        data = write(41)
        connection.send(SCRAPE % b'' + data[:-5])
        self.assertEqual(connection.reply().status, 200)
        connection.send(data[-5:])
        self.assertEqual(connection.reply().status, 204)

    def test_a_scrape_may_end_its_connection(self):
        connection = self.connect()
        connection.send(SCRAPE % b'Connection: close\r\n')
        self.assertEqual(connection.reply().status, 200)
        self.assertRaises(Closed, connection.reply)

    def test_many_connections_move_at_once(self):
        failures = []

        def scrape():
            try:
                with Connection(self.bridge.port) as connection:
                    for _ in range(20):
                        connection.send(write(1) + SCRAPE % b'')
                        if connection.reply().status != 204 or connection.reply().status != 200:
                            failures.append('status')
            except Exception as failure:  # pylint: disable=broad-except  # told by the assertion below
                failures.append(failure)

        threads = [threading.Thread(target=scrape) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
