"""influxdb-java, the client of 1.x: influxdata/influxdb-java, src/main/java/org/influxdb/impl/InfluxDBImpl.java and
InfluxDBException.java, over OkHttp."""
import wire

OKHTTP = '''
    Host: $host
    Connection: Keep-Alive
    Accept-Encoding: gzip
    User-Agent: okhttp/4.12.0
    '''.rstrip()
CREDENTIALS = 'Authorization: Basic cm9vdDpyb290'
# buildExceptionFromErrorMessage looks for these texts, in this order; the last four are not worth a retry.
ERROR_TEXTS = ('authorization failed', 'database not found', 'points beyond retention policy', 'unable to parse',
               'field type conflict', 'hinted handoff queue not empty', 'cache-max-memory-size exceeded')


class InfluxdbJava(wire.WriterTest):
    def query(self, method, query):
        length = 'Content-Length: 0' if method == 'POST' else ''
        reply = self.send(f'{method} /query?q={query} HTTP/1.1\n{CREDENTIALS}\n{length}{OKHTTP}')
        self.assertEqual(reply.status, 200)
        [result] = self.read_json(reply)['results']
        self.assertNotIn('error', result)
        return result

    def write(self, query, lines, framing='Content-Length: $length'):
        return self.send(f'''
            POST /write?{query} HTTP/1.1
            {CREDENTIALS}
            Content-Type: text/plain
            {framing}{OKHTTP}
            ''', lines)

    def test_ping(self):
        reply = self.send(f'GET /ping HTTP/1.1\n{CREDENTIALS}{OKHTTP}')
        self.assertRegex(reply.headers['x-influxdb-version'], r'^1\.([4-9]|1\d)\.')

    def test_databases_and_policies(self):
        self.query('POST', 'CREATE+DATABASE+%22javadb%22')
        self.query('POST', 'CREATE+RETENTION+POLICY+%22aRetentionPolicy%22+ON+%22javadb%22+DURATION+30d+REPLICATION+2+DEFAULT')
        self.assertIn(['javadb'], self.query('GET', 'SHOW+DATABASES')['series'][0]['values'])

    def test_batch_points(self):
        """With a policy and a consistency; the points have nanoseconds whatever the unit they were made with."""
        for consistency in ('all', 'any', 'one', 'quorum'):
            reply = self.write(f'db=javadb&rp=aRetentionPolicy&precision=n&consistency={consistency}',
                               f'cpu,async=true,level={consistency} idle=90i,system=9.5,user=1 $ns\n')
            self.assertEqual(reply.status // 100, 2)
            self.serves('cpu_system', 9.5, **{'async': 'true', 'level': consistency})

    def test_write_with_gzip(self):
        reply = self.write('db=javadb&precision=ms&consistency=one', 'disk,path=/ free=1i $ms',
                           'Content-Encoding: gzip\nTransfer-Encoding: chunked')
        self.assertEqual(reply.status // 100, 2)
        self.serves('disk_free', 1, path='/')

    def test_a_bad_line_is_not_worth_a_retry(self):
        reply = self.write('db=javadb&precision=n&consistency=one', 'disk free=\n')
        self.assertEqual(reply.status, 400)
        error = self.read_json(reply)['error']
        self.assertEqual([text for text in ERROR_TEXTS if text in error], ['unable to parse'])
