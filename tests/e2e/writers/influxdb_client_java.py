"""influxdb-client-java, the client of 2.x, and with it openHAB's V2 and Jenkins: influxdata/influxdb-client-java,
client/src/main/java/com/influxdb/client/internal/AbstractWriteClient.java and
client-core/src/main/java/com/influxdb/internal/AbstractRestClient.java, over OkHttp."""
import datetime

import wire

LAST_LINES = '''
    User-Agent: influxdb-client-java/6.12.0
    Authorization: Token my-token
    Host: $host
    Connection: Keep-Alive
    Accept-Encoding: gzip
    '''.rstrip()


class InfluxdbClientJava(wire.WriterTest):
    def test_ready(self):
        """openHAB's checkConnectionStatus: `ready`; the client reads the time, too."""
        answer = self.read_json(self.send(f'GET /ready HTTP/1.1\nAccept: application/json{LAST_LINES}'))
        self.assertEqual(answer['status'], 'ready')
        self.assertIsNotNone(datetime.datetime.fromisoformat(answer['started'].replace('Z', '+00:00')).tzinfo)

    def test_ping(self):
        self.assertEqual(self.send(f'GET /ping HTTP/1.1{LAST_LINES}').status // 100, 2)

    def write(self, lines, framing):
        return self.send(f'''
            POST /api/v2/write?org=my-org&bucket=my-bucket&precision=ms HTTP/1.1
            Accept: application/json
            Content-Type: text/plain; charset=utf-8
            {framing}{LAST_LINES}
            ''', lines)

    def test_write(self):
        """Any 2xx; batches are joined without a line end behind the last."""
        for framing, place in (('Content-Encoding: identity\nContent-Length: $length', 'plain'),
                               ('Content-Encoding: gzip\nTransfer-Encoding: chunked', 'gzip')):
            reply = self.write(f'Temperature,item={place} value=21.5 $ms\nLight,item={place} value=true $ms', framing)
            self.assertEqual(reply.status // 100, 2)
            self.serves('Temperature', 21.5, item=place)
            self.serves('Light', 1, item=place)

    def test_a_bad_line(self):
        """A BadRequestException, which is not tried again, with `message` of the JSON body."""
        reply = self.write('Temperature value=warm $ms', 'Content-Length: $length')
        self.assertEqual(reply.status, 400)
        self.assertIn('unable to parse', self.read_json(reply)['message'])
