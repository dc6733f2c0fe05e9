"""Micrometer's InfluxMeterRegistry: micrometer-metrics/micrometer, implementations/micrometer-registry-influx,
InfluxMeterRegistry.java and InfluxApiVersion.java, over java.net.HttpURLConnection."""
import wire

JDK = '''
    User-Agent: Java/17.0.9
    Host: $host
    Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2
    Connection: keep-alive
    Content-Length: $length
    '''


class Micrometer(wire.WriterTest):
    def test_create_database(self):
        """createDatabaseIfNecessary: any 2xx. There is no body, and the JDK says that it is a form."""
        for query in ('CREATE+DATABASE+%22mydb%22',
                      'CREATE+DATABASE+%22other%22+WITH+DURATION+3d+REPLICATION+2+SHARD+DURATION+6h+NAME+three_days'):
            reply = self.send(f'POST /query?q={query} HTTP/1.1\nAuthorization: Basic dXNlcjpwYXNz\n'
                              f'Content-type: application/x-www-form-urlencoded{JDK}')
            self.assertEqual(reply.status // 100, 2)
            self.assertNotIn('error', self.read_json(reply)['results'][0])

    def test_publish(self):
        """Any 2xx. Milliseconds, gzip, no line end behind the last line."""
        for path, token in (('/write?consistency=one&precision=ms&db=mydb', 'Basic dXNlcjpwYXNz'),
                            ('/write?consistency=one&precision=ms&db=mydb&rp=three_days', 'Bearer secret'),
                            ('/api/v2/write?precision=ms&bucket=mydb&org=acme', 'Token secret')):
            name = f'api_{token[:5].strip().lower()}'
            reply = self.send(f'''
                POST {path} HTTP/1.1
                Authorization: {token}
                Content-Type: text/plain
                Content-Encoding: gzip{JDK}''',
                f'http_server_requests,method=GET,uri=/{name},metric_type=histogram sum=12.5,count=2,mean=6.25,upper=8 $ms\n'
                f'orders,uri=/{name},metric_type=counter value=3 $ms\njvm_memory_used,uri=/{name},metric_type=gauge value=1048576 $ms')
            self.assertEqual(reply.status // 100, 2)
            self.serves('http_server_requests_upper', 8, method='GET', uri=f'/{name}', metric_type='histogram')
            self.serves('orders', 3, uri=f'/{name}', metric_type='counter')
