"""Telegraf's outputs.influxdb_v3: influxdata/telegraf, plugins/outputs/influxdb_v3/client.go.

Unsigned integers keep their `u`.
"""
import wire

WRITE = '''
    POST /api/v3/write_lp?db=telegraf&no_sync=true HTTP/1.1
    Host: $host
    User-Agent: Telegraf/1.38.0 Go/1.25.1
    Transfer-Encoding: chunked
    Authorization: Bearer apiv3_secret
    Content-Encoding: gzip
    Content-Type: text/plain; charset=utf-8
    Accept-Encoding: gzip
    '''


class TelegrafV3(wire.WriterTest):
    def test_write(self):
        reply = self.send(WRITE, 'net,host=tg3,interface=eth0 bytes_recv=18446744073709551615u,drop_in=0u $ns\n')
        self.assertIn(reply.status, {200, 201, 202, 204, 206, 207, 208})
        self.serves('net_bytes_recv', 18446744073709551615.0, host='tg3', interface='eth0')

    def test_a_bad_line(self):
        """400 drops the batch; what is logged is read from `error` and the list `data`."""
        reply = self.send(WRITE, 'kept,host=tg3 value=1 $ns\nbad\n')
        self.assertEqual(reply.status, 400)
        error = self.read_json(reply)
        self.assertTrue(error['error'])
        [line] = error['data']
        self.assertEqual((line['original_line'], line['line_number']), ('bad', 2))
        self.assertTrue(line['error_message'])
        self.serves('kept', 1, host='tg3')
