"""Tasmota: arendst/Tasmota, tasmota/tasmota_xdrv_driver/xdrv_59_influxdb.ino, the driver that rests on the Arduino client."""
import wire

DEVICE = '''
    Host: $host
    User-Agent: Tasmota/13.4.0(tasmota) (ESP8266EX)
    Connection: close
    Accept-Encoding: identity;q=1,chunked;q=0.1,*;q=0
    '''.rstrip()


class Tasmota(wire.WriterTest):
    def test_validate_connection(self):
        for path in ('/ping?verbose=true&u=iot&p=secret', '/health'):
            self.assertEqual(self.send(f'GET {path} HTTP/1.1{DEVICE}\nAccept: application/json').status, 200)

    def test_post(self):
        """Values as text, no times, no line end behind the last line; the password is also sent as a token."""
        for path in ('/write?db=db&u=iot&p=secret', '/api/v2/write?org=home&bucket=db'):
            reply = self.send(f'''
                POST {path} HTTP/1.1{DEVICE}
                Content-Type: text/plain
                Authorization: Token secret
                Content-Length: $length
                ''', 'temperature,device=demo,sensor=ds18b20,id=01144A0CB2AA value=22.63\npower1,device=demo,sensor=device value=1')
            self.assertEqual(reply.status, 204)
        self.serves('temperature', 22.63, device='demo', sensor='ds18b20', id='01144A0CB2AA')
        self.serves('power1', 1, device='demo', sensor='device')
