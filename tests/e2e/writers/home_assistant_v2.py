"""Home Assistant, api_version 2: home-assistant/core, homeassistant/components/influxdb/__init__.py, over
influxdb-client-python."""
import wire

WRITE = '''
    POST /api/v2/write?org=home&bucket=Home+Assistant&precision=ns HTTP/1.1
    Host: $host
    Accept-Encoding: identity
    Content-Length: $length
    Content-Encoding: identity
    Content-Type: text/plain
    Accept: application/json
    Authorization: Token secret
    User-Agent: influxdb-client-python/1.48.0
    '''


class HomeAssistantV2(wire.WriterTest):
    def test_start(self):
        """An empty body: 2xx or 400, else the configuration is broken."""
        self.assertEqual(self.send(WRITE).status, 204)

    def test_write(self):
        reply = self.send(WRITE, 'µg/m³,domain=sensor,entity_id=pm25 state_class_str="measurement",value=7.0 $ns\n'
                                 'kWh,domain=sensor,entity_id=meter value=1234.5 $ns')
        self.assertEqual(reply.status // 100, 2)
        self.serves('_g_m_', 7, domain='sensor', entity_id='pm25')
        self.serves('kWh', 1234.5, domain='sensor', entity_id='meter')

    def test_a_bad_point(self):
        """ApiException: 400 discards; the log has `message`."""
        reply = self.send(WRITE, 'kWh,entity_id=bad value=unknown $ns')
        self.assertEqual(reply.status, 400)
        self.assertIn('unable to parse', self.read_json(reply)['message'])
