"""LibreNMS: librenms/librenms, LibreNMS/Data/Store/InfluxDB.php, over influxdata/influxdb-php,
src/InfluxDB/Database.php and Driver/Guzzle.php. Empty tags are written as `_blank_`."""
import wire

GUZZLE = '''
    Host: $host
    User-Agent: GuzzleHttp/7
    '''.rstrip()


class Librenms(wire.WriterTest):
    def query(self, query):
        """ResultSet: JSON, with no error at the top or in a result. Even what creates is asked with GET."""
        answer = self.read_json(self.send(f'GET /query?{query} HTTP/1.1{GUZZLE}'))
        self.assertNotIn('error', answer)
        self.assertNotIn('error', answer['results'][0])
        return answer['results'][0]

    def test_start(self):
        """The database is made when it is not in the list."""
        self.assertNotIn(['librenms_start'], self.query('q=SHOW+DATABASES')['series'][0].get('values', []))
        self.query('q=CREATE+DATABASE+%22librenms_start%22&db=librenms_start')
        self.assertIn(['librenms_start'], self.query('q=SHOW+DATABASES')['series'][0]['values'])

    def test_write(self):
        """isSuccess: 200 or 204. Batches over 1 MB wait for 100 Continue."""
        line = 'ports,hostname=sw1,ifName=Gi0/1,ifAlias=_blank_ ifInOctets_rate=12.5,ifOperStatus="up" $s\n'
        for lines, expect in ((line, ''), (line * 12000, 'Expect: 100-Continue')):
            reply = self.send(f'''
                POST /write?db=librenms&precision=s HTTP/1.1{GUZZLE}
                Content-Length: $length
                {expect}
                ''', lines)
            self.assertIn(reply.status, {200, 204})
        self.serves('ports_ifInOctets_rate', 12.5, hostname='sw1', ifName='Gi0/1', ifAlias='_blank_')

    def test_write_by_udp(self):
        """In nanoseconds, since the bridges of others knew nothing else."""
        self.send_datagram('ports,hostname=sw2,ifName=Gi0/2 ifInOctets_rate=7 $ns')
        self.comes_to_serve('ports_ifInOctets_rate', 7, hostname='sw2', ifName='Gi0/2')
