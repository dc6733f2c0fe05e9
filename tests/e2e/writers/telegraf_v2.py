"""Telegraf's outputs.influxdb_v2: influxdata/telegraf, plugins/outputs/influxdb_v2/http.go and errors.go."""
import wire

WRITE = '''
    POST /api/v2/write?bucket=telegraf&org=influxdata HTTP/1.1
    Host: $host
    User-Agent: Telegraf/1.35.0 Go/1.24.3
    Transfer-Encoding: chunked
    Authorization: Token secret
    Content-Encoding: gzip
    Content-Type: text/plain; charset=utf-8
    Accept-Encoding: gzip
    '''
WRITTEN = {200, 201, 202, 204, 206, 207, 208}
LATER = {401, 403, 429, 502, 503, 504}


def fate(reply):
    """What writeBatch does with the points."""
    if reply.status in WRITTEN:
        return 'written'
    if reply.status == 413:
        return 'split'
    return 'sent again' if reply.status in LATER or reply.status >= 500 else 'dropped'


class TelegrafV2(wire.WriterTest):
    def test_write(self):
        self.assertEqual(fate(self.send(WRITE, 'mem,host=tg2 available=12345i,used_percent=41.5 $ns\n')), 'written')
        self.serves('mem_available', 12345, host='tg2')
        self.serves('mem_used_percent', 41.5, host='tg2')

    def test_write_without_a_token(self):
        """The header is sent all the same."""
        reply = self.send(WRITE.replace('Token secret', 'Token $empty'), 'mem,host=tg2-open available=1i $ns\n')
        self.assertEqual(fate(reply), 'written')

    def test_a_bad_line(self):
        """errors.go reads code, message, line and maxLength; the last two must be integers."""
        reply = self.send(WRITE, 'kept,host=tg2 value=1 $ns\nbad\n')
        self.assertEqual(fate(reply), 'dropped')
        error = self.read_json(reply)
        self.assertTrue(error['message'])
        self.assertEqual(error['code'], 'invalid')
        self.assertTrue(all(isinstance(error.get(field, 0), int) for field in ('line', 'maxLength')))
        self.serves('kept', 1, host='tg2')

    def test_a_batch_that_is_too_large_is_split(self):
        self.start('--web.max-inflated-size=1KiB')
        line = 'large,host=tg2 value=1 $ns\n'
        self.assertEqual(fate(self.send(WRITE, line * 100)), 'split')
        self.assertEqual(fate(self.send(WRITE, line)), 'written')
        self.serves('large', 1, host='tg2')

    def test_a_full_fluxgate_says_when_to_come_again(self):
        """getRetryDuration: Retry-After in seconds, of which it waits 600 at most."""
        self.start_full()
        reply = self.send(WRITE, 'late,host=tg2 value=1 $ns\n')
        self.assertEqual(fate(reply), 'sent again')
        self.assertTrue(0 < float(reply.headers['retry-after']) < 600)
