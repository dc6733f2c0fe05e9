"""openHAB's persistence for InfluxDB 1.x: openhab/openhab-addons, bundles/org.openhab.persistence.influxdb,
internal/influx1/InfluxDB1RepositoryImpl.java, over influxdb-java."""
import wire

CREDENTIALS = 'Authorization: Basic b3BlbmhhYjpoYWJvcGVu'
LAST_LINES = '''
    Host: $host
    Connection: Keep-Alive
    Accept-Encoding: gzip
    User-Agent: okhttp/3.14.4
    '''


class Openhab(wire.WriterTest):
    def test_connect(self):
        """checkConnectionStatus: a version, and not one with "unknown" in it, which stands for a missing header."""
        reply = self.send(f'GET /ping HTTP/1.1\n{CREDENTIALS}{LAST_LINES}')
        version = reply.headers.get('x-influxdb-version', 'unknown')
        self.assertNotIn('unknown', version)

    def test_write(self):
        """A batch per 100 ms; the field `value` is a number, or text for some items."""
        reply = self.send(f'''
            POST /write?db=openhab&rp=autogen&precision=n&consistency=one HTTP/1.1
            {CREDENTIALS}
            Content-Type: text/plain
            Content-Length: $length{LAST_LINES}
            ''', 'Temperature_Kitchen,item=Temperature_Kitchen value=21.7 ${ms}000000\n'
                 'Door,item=Door value="OPEN" ${ms}000000\nLight,item=Light value=1i ${ms}000000\n')
        self.assertEqual(reply.status // 100, 2)
        self.serves('Temperature_Kitchen', 21.7, item='Temperature_Kitchen')
        self.serves('Light', 1, item='Light')

    def test_restore(self):
        """What it reads back on start has columns time and value."""
        self.test_write()
        reply = self.send(f'''
            GET /query?db=openhab&epoch=ms&q=SELECT+*+FROM+Temperature_Kitchen+ORDER+BY+time+DESC+LIMIT+1 HTTP/1.1
            {CREDENTIALS}{LAST_LINES}''')
        [series] = self.read_json(reply)['results'][0]['series']
        row = dict(zip(series['columns'], series['values'][0]))
        self.assertEqual((row['value'], type(row['time'])), (21.7, int))
