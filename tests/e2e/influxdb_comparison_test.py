"""The same bytes to Debian's InfluxDB and to fluxgate: replies differ only where influxdb_requests.py says so."""
import gzip
import unittest

import influxdb_requests
from fluxgate_process import Fluxgate
from http_connection import Closed, Connection, CutOff
from influxdb_process import InfluxDb

VERSION = '1.6.7'
STATUS_DIFFERENCES_MAX = 6
CASES_MIN = 250

# What is compared as it is, and what only for being there.
HEADERS = ('content-type', 'content-encoding', 'x-influxdb-build', 'x-influxdb-error', 'allow', 'www-authenticate',
           'access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-headers',
           'access-control-expose-headers', 'location', 'retry-after', 'vary')
PRESENCE = ('x-influxdb-version', 'date')
IDS = ('request-id', 'x-request-id')


def receive(connection, method):
    """Replies up to the last one; None for the end of the connection."""
    try:
        return connection.reply(method, versions=('HTTP/1.0', 'HTTP/1.1'))
    except (Closed, CutOff):
        return None


def exchange(port, steps):
    """The replies to all steps, and whether the connection takes another request."""
    replies = []
    with Connection(port) as connection:
        for step in steps:
            connection.send(step.data)
            replies += [receive(connection, method) for method in step.methods]
        if None not in replies and replies[-1].status >= 200:
            connection.send(b'GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
            after = receive(connection, 'GET')
        else:
            after = None
    return replies, after is not None and after.status == 204


def body_of(reply):
    is_coded = reply.headers.get('content-encoding') == 'gzip'
    body = gzip.decompress(reply.body) if is_coded else reply.body
    return influxdb_requests.same_json(body) or body


def id_of(reply, name):
    """What the client asked for, or that there is one."""
    value = reply.headers.get(name)
    return value if value is None or len(value) < 36 else 'made'


def aspects(reply):
    """What is compared of one reply, by name."""
    if reply is None:
        return {'status': None}
    has_body = reply.status not in (100, 204)
    found = {'status': reply.status, 'body': body_of(reply)}
    found.update((name, reply.headers.get(name)) for name in HEADERS)
    found.update((name, name in reply.headers) for name in PRESENCE)
    found.update((name, id_of(reply, name)) for name in IDS)
    if found['allow']:
        found['allow'] = sorted(found['allow'].split(', '))  # in any order, which changes
    if not has_body:
        del found['content-type']  # the type of nothing: InfluxDB has one, fluxgate has none
    return found


def differences(theirs, ours):
    """{aspect: (InfluxDB's, fluxgate's)} of two exchanges."""
    found = {}
    for their_reply, our_reply in zip(theirs[0], ours[0]):
        their_aspects, our_aspects = aspects(their_reply), aspects(our_reply)
        for name in {**their_aspects, **our_aspects}:
            pair = their_aspects.get(name), our_aspects.get(name)
            if pair[0] != pair[1]:
                found[name] = pair
    if theirs[1] != ours[1]:
        found['stays open'] = theirs[1], ours[1]
    return found


class ComparisonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        limit = influxdb_requests.BODY_SIZE_MAX
        flags = (f'--web.max-body-size={limit}', '--influxdb.max-sample-age=0',
                 f'--influxdb.reported-version={VERSION}')
        cls.influxdb = cls.enterClassContext(InfluxDb(limit))
        cls.bridge = cls.enterClassContext(Fluxgate(*flags))
        cls.strict = cls.enterClassContext(Fluxgate(*flags, '--influxdb.strict'))
        for port in (cls.influxdb.port, cls.bridge.port, cls.strict.port):
            cls.set_up(port)

    @staticmethod
    def set_up(port):
        steps = [influxdb_requests.form({'q': q}) for q in influxdb_requests.SETUP_QUERIES]
        steps.append(influxdb_requests.write(influxdb_requests.SETUP_LINES, 'db=d1'))
        replies, _ = exchange(port, steps)
        assert [reply.status for reply in replies] == [200] * (len(steps) - 1) + [204], replies

    def test_replies_differ_as_listed(self):
        status_differences = []
        for case in influxdb_requests.CASES:
            with self.subTest(case.name):
                found = differences(exchange(self.influxdb.port, case.steps),
                                    exchange((self.strict if case.strict else self.bridge).port, case.steps))
                if 'status' in found:
                    status_differences.append(case.name)
                wrong = {name: pair for name, pair in found.items() if name not in case.differs}
                self.assertEqual(wrong, {}, 'aspect: (InfluxDB, fluxgate) that is not listed')
                self.assertEqual(set(case.differs) - set(found), set(), 'listed, but the same')
        self.assertLessEqual(len(status_differences), STATUS_DIFFERENCES_MAX, status_differences)

    def test_extensions_are_what_they_are_said_to_be(self):
        for extension in influxdb_requests.EXTENSIONS:
            with self.subTest(extension.name):
                replies = [exchange(port, [extension.step])[0][0] for port in (self.influxdb.port, self.bridge.port)]
                self.assertEqual(tuple(reply.status for reply in replies), extension.statuses)

    def test_the_table_is_whole(self):
        names = [case.name for case in influxdb_requests.CASES]
        self.assertGreater(len(names), CASES_MIN)
        self.assertEqual(sorted(set(names)), sorted(names))


if __name__ == '__main__':
    unittest.main()
