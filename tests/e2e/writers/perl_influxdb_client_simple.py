"""InfluxDB::Client::Simple of CPAN: arhuman/InfluxDB-Client-Simple, lib/InfluxDB/Client/Simple.pm, over LWP or UDP."""
import wire

LWP = '''
    TE: deflate,gzip;q=0.3
    Connection: TE, close
    Host: $host
    User-Agent: InfluxDB-Client-Simple/0.05
    '''.rstrip()
FORM = 'Content-Type: application/x-www-form-urlencoded'


class PerlInfluxdbClientSimple(wire.WriterTest):
    def test_ping(self):
        """A version that is not defined is how its ping fails."""
        reply = self.send(f'HEAD /ping HTTP/1.1{LWP}')
        self.assertEqual((reply.status // 100, bool(reply.headers.get('x-influxdb-version'))), (2, True))

    def test_query(self):
        """data is set when the answer is JSON without `error`; a line end behind it is cut off."""
        answer = self.read_json(self.send(f'POST /query?q=SHOW+DATABASES&epoch=ns HTTP/1.1{LWP}\nContent-Length: 0\n{FORM}'))
        self.assertNotIn('error', answer)
        self.assertEqual(answer['results'][0]['series'][0]['name'], 'databases')

    def write(self, line):
        return self.send(f'POST /write?db=grafana HTTP/1.1{LWP}\nContent-Length: $length\n{FORM}', line)

    def test_write(self):
        """204, and the error is undefined; else it is read from JSON. Integers get `i`, times are not sent."""
        self.assertEqual(self.write('testing,file=testfile,host=containment pod=85i,statement=42.5').status, 204)
        self.serves('testing_pod', 85, file='testfile', host='containment')
        refused = self.write('testing, pod=85i')
        self.assertNotEqual(refused.status, 204)
        self.assertIn('missing tag key', self.read_json(refused)['error'])

    def test_write_by_udp(self):
        self.send_datagram('testing,host=udp pod=86i')
        self.comes_to_serve('testing_pod', 86, host='udp')
