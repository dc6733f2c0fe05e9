"""InfluxDB-Client-for-Arduino on ESP8266 and ESP32: tobiasschuerg/InfluxDB-Client-for-Arduino, src/InfluxDbClient.cpp and
src/HTTPService.cpp, over HTTPClient of esp8266/Arduino."""
import wire


class Arduino(wire.WriterTest):
    def request(self, line, body=None, connection='close', token=''):
        post = '' if body is None else 'Content-Type: text/plain\nContent-Length: $length'
        return self.send(f'''
            {line} HTTP/1.1
            Host: $host
            User-Agent: influxdb-client-arduino/3.13.2 (ESP8266 3.1.2)
            Connection: {connection}
            Accept-Encoding: identity;q=1,chunked;q=0.1,*;q=0
            {token}
            {post}
            ''', body or '')

    def test_connection_to_1x(self):
        """validateConnection: exactly 200, hence verbose."""
        self.assertEqual(self.request('GET /ping?verbose=true&u=user&p=pass').status, 200)

    def test_connection_to_2x(self):
        self.assertEqual(self.request('GET /health', token='Authorization: Token secret').status, 200)

    def test_write_to_1x(self):
        """Without a time unless asked for one; every request on its own connection."""
        for query, line in (('', 'wifi_status,device=ESP8266,SSID=home rssi=-61i\n'),
                            ('&precision=u', 'wifi_status,device=ESP32,SSID=home rssi=-62i $us\n')):
            self.assertEqual(self.request(f'POST /write?db=iot&u=user&p=pass{query}', line).status, 204)
        self.serves('wifi_status_rssi', -61, device='ESP8266', SSID='home')
        self.serves('wifi_status_rssi', -62, device='ESP32', SSID='home')

    def test_write_to_2x(self):
        """With connectionReuse a connection is kept."""
        for value in (1, 2):
            reply = self.request('POST /api/v2/write?org=me&bucket=iot&precision=us', f'dht22,device=ESP32 temperature={value}.50 $us\n',
                                 'keep-alive', 'Authorization: Token secret')
            self.assertEqual(reply.status, 204)
        self.serves('dht22_temperature', 2.5, device='ESP32')

    def test_a_bad_line_is_not_kept_for_later(self):
        """flushBufferInternal drops what has a status below 429."""
        reply = self.request('POST /write?db=iot', 'dht22 temperature=nan\n')
        self.assertLess(reply.status, 429)
        self.assertGreater(len(reply.body), 0)
