"""JMeter's backend listener: apache/jmeter, src/components/src/main/java/org/apache/jmeter/visualizers/backend/influxdb,
HttpMetricsSender.java and InfluxdbBackendListenerClient.java, over Apache HttpAsyncClient.

The URL is what the user typed; nanoseconds are milliseconds with 000000 behind them.
"""
import wire


class Jmeter(wire.WriterTest):
    def write(self, path, lines, token=''):
        return self.send(f'''
            POST {path} HTTP/1.1
            {token}
            Content-Length: $length
            Content-Type: text/plain; charset=UTF-8
            Host: $host
            Connection: Keep-Alive
            User-Agent: ApacheJMeter5.6.3
            ''', lines)

    def test_write(self):
        """completed: 2xx and 3xx (MetricUtils.isSuccessCode)."""
        for path, token, test in (('/write?db=jmeter', '', 'one'), ('/api/v2/write?org=o&bucket=jmeter', 'Authorization: Token t', 'two')):
            lines = (f'jmeter,application={test},statut=ok,transaction=log\\ in count=3,avg=12.5,min=10,max=15,hit=3,sb=1,rb=2,'
                     'pct95.0=15.0,pct99.0=15.0 ${ms}000000\n'
                     f'jmeter,application={test},transaction=internal minAT=0,maxAT=5,meanAT=2,startedT=5,endedT=0 ' '${ms}000000\n'
                     f'events,application={test},title=ApacheJMeter text="shop started" ' '${ms}000000\n')
            self.assertIn(self.write(path, lines, token).status, range(200, 400))
            self.serves('jmeter_pct95_0', 15, application=test, statut='ok', transaction='log in')
            self.serves('jmeter_maxAT', 5, application=test, transaction='internal')

    def test_no_application(self):
        """Left empty, it makes tags that no InfluxDB takes; the log shows the body. The rest of the batch counts."""
        reply = self.write('/write?db=jmeter', 'jmeter,application=,transaction=all count=1 ${ms}000000\n'
                                               'jmeter,application=kept,transaction=all count=1 ${ms}000000\n')
        self.assertEqual(reply.status, 400)
        self.assertIn(b'missing tag value', reply.body)
        self.serves('jmeter_count', 1, application='kept', transaction='all')
