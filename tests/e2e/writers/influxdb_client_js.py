"""influxdb-client-js, and with it Node-RED's nodes for 2.x: influxdata/influxdb-client-js,
packages/core/src/impl/WriteApiImpl.ts and impl/node/NodeHttpTransport.ts.

Over 1,000 bytes it sends gzip, and then chunked.
"""
import wire


class InfluxdbClientJs(wire.WriterTest):
    def write(self, lines):
        framing = 'content-length: $length' if len(lines) <= 1000 else 'content-encoding: gzip'
        chunked = '' if len(lines) <= 1000 else 'Transfer-Encoding: chunked'
        return self.send(f'''
            POST /api/v2/write?org=my-org&bucket=my-bucket&precision=ns HTTP/1.1
            content-type: text/plain; charset=utf-8
            User-Agent: influxdb-client-js/1.33.2
            authorization: Token my-token
            {framing}
            Host: $host
            Connection: keep-alive
            {chunked}
            ''', lines)

    def test_write(self):
        """complete: 204, or 201 of 3.x."""
        self.assertEqual(self.write('temperature,example=write.mjs value=20.5 $ns').status, 204)
        self.serves('temperature', 20.5, example='write.mjs')

    def test_write_of_many(self):
        lines = '\n'.join(f'temperature,example=many,n={n} value={n} $ns' for n in range(100))
        self.assertEqual(self.write(lines).status, 204)
        self.serves('temperature', 99, example='many', n='99')

    def test_a_bad_line(self):
        """HttpError reads code and message when the type is JSON; from 429 on it would try again."""
        reply = self.write('temperature,example=bad value=twenty $ns')
        self.assertEqual(reply.status, 400)
        error = self.read_json(reply)
        self.assertEqual(error['code'], 'invalid')
        self.assertTrue(error['message'])
