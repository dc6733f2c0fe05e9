"""Home Assistant, api_version 1: home-assistant/core, homeassistant/components/influxdb/__init__.py, over influxdb-python.

The measurement is the unit, such as `°C`.
"""
import wire

WRITE = '''
    POST /write?db=home_assistant HTTP/1.1
    Host: $host
    User-Agent: python-requests/2.32.3
    Accept-Encoding: gzip, deflate, br
    Accept: application/x-msgpack
    Connection: keep-alive
    Content-Type: application/octet-stream
    Content-Length: $length
    Authorization: Basic cm9vdDpyb290
    '''


class HomeAssistantV1(wire.WriterTest):
    def test_start(self):
        """No points at all, which are one line end: anything but 204 is taken for a broken configuration."""
        self.assertEqual(self.send(WRITE, '\n').status, 204)

    def test_write(self):
        reply = self.send(WRITE, '°C,domain=sensor,entity_id=kitchen friendly_name_str="Kitchen",value=21.5 $ns\n'
                                 '%,domain=sensor,entity_id=kitchen_humidity value=40.0 $ns\n'
                                 'light.hall,domain=light,entity_id=hall brightness=128.0,state="on",value=1.0 $ns\n')
        self.assertEqual(reply.status, 204)
        self.serves('_C', 21.5, domain='sensor', entity_id='kitchen')
        self.serves('_', 40, domain='sensor', entity_id='kitchen_humidity')
        self.serves('light_hall_brightness', 128, domain='light', entity_id='hall')

    def test_a_bad_point(self):
        """400 discards the batch, anything else is tried again; the good points of the batch count."""
        self.assertEqual(self.send(WRITE, 'W,entity_id=meter value=230.0 $ns\nW,entity_id= value=1.0 $ns\n').status, 400)
        self.serves('W', 230, entity_id='meter')
