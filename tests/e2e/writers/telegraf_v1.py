"""Telegraf's outputs.influxdb: influxdata/telegraf, plugins/outputs/influxdb/http.go.

Gzip and chunked by default, nanoseconds without saying so, over http:// or unix://.
"""
import json
import os
import tempfile

import wire

WRITE = '''
    POST /write?db=telegraf HTTP/1.1
    Host: $host
    User-Agent: Telegraf/1.31.2 Go/1.22.5
    Transfer-Encoding: chunked
    Authorization: Basic dGVsZWdyYWY6c2VjcmV0
    Content-Encoding: gzip
    Content-Type: text/plain; charset=utf-8
    Accept-Encoding: gzip
    '''
DROPPED_TEXTS = ('retention policy not found', 'points beyond retention policy', 'partial write', 'unable to parse')


def fate(reply):
    """What writeBatch does with the points: what it takes for an outage it sends for ever."""
    if reply.status == 204:
        return 'written'
    try:
        error = json.loads(reply.body)['error'] if reply.body else ''
    except ValueError:
        return 'sent again'
    if 'database not found' in error:
        return 'sent again'
    return 'dropped' if reply.status // 100 == 4 or any(text in error for text in DROPPED_TEXTS) else 'sent again'


class TelegrafV1(wire.WriterTest):
    def test_connect_and_write(self):
        reply = self.send('''
            POST /query HTTP/1.1
            Host: $host
            User-Agent: Telegraf/1.31.2 Go/1.22.5
            Content-Length: $length
            Authorization: Basic dGVsZWdyYWY6c2VjcmV0
            Content-Type: application/x-www-form-urlencoded
            Accept-Encoding: gzip
            ''', 'q=CREATE+DATABASE+%22telegraf%22')
        self.assertEqual(reply.status, 200)
        self.assertNotIn('error', self.read_json(reply)['results'][0])
        lines = 'cpu,cpu=cpu0,host=tg1 usage_idle=98.5,usage_user=1i $ns\nsystem,host=tg1 uptime_format="1:02" $ns\n'
        self.assertEqual(fate(self.send(WRITE, lines)), 'written')
        self.serves('cpu_usage_idle', 98.5, cpu='cpu0', host='tg1')
        self.serves('cpu_usage_user', 1, cpu='cpu0', host='tg1')

    def test_a_bad_line_is_not_sent_for_ever(self):
        reply = self.send(WRITE, 'good,host=tg1 value=1 $ns\nbad,host=tg1 value=\n')
        self.assertEqual(fate(reply), 'dropped')
        self.serves('good', 1, host='tg1')

    def test_a_full_fluxgate_is_tried_again(self):
        self.start_full()
        self.assertEqual(fate(self.send(WRITE, 'late,host=tg1 value=1 $ns\n')), 'sent again')

    def test_over_a_unix_socket(self):
        path = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), 'http.sock')
        self.start('--web.listen-address=127.0.0.1:0', f'--web.listen-address=unix:{path}')
        self.connect(path)
        self.assertEqual(fate(self.send(WRITE.replace('$host', '127.0.0.1'), 'local,host=tg1 value=2 $ns\n')), 'written')
        self.serves('local', 2, host='tg1')
