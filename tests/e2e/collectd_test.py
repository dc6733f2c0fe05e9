"""collectd measures this host and sends it with its plugin write_influxdb_udp, whose times are milliseconds."""
import json
import os
import subprocess
import unittest

from real_client_test_case import RealClientTestCase, load, uptime

STOP_SECONDS = 60

CONFIGURATION = '''
Hostname "{host}"
FQDNLookup false
BaseDir "{folder}"
PIDFile "{folder}/pid"
Interval 1
LoadPlugin cpu
LoadPlugin load
LoadPlugin memory
LoadPlugin uptime
LoadPlugin write_influxdb_udp
<Plugin write_influxdb_udp>
  Server "127.0.0.1" "{port}"
</Plugin>
'''


class CollectdTest(RealClientTestCase):
    FLAGS = ('--udp.bind-address=127.0.0.1:0?db=detected', '--udp.bind-address=127.0.0.1:0?db=preset&preset=collectd')

    def check(self, database, port):
        folder = self.folder()
        path = os.path.join(folder, 'collectd.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(CONFIGURATION.format(folder=folder, host=database, port=port))
        daemon = subprocess.Popen(['/usr/sbin/collectd', '-f', '-C', path], stdin=subprocess.DEVNULL)
        self.addCleanup(daemon.wait, STOP_SECONDS)
        self.addCleanup(daemon.terminate)
        self.expect_about('uptime', uptime, 60, host=database, type='uptime')
        for number, field in enumerate(('shortterm', 'midterm', 'longterm')):
            self.expect_about(f'load_{field}', lambda: load()[number], 0.5, host=database, type='load')
        answer = json.loads(self.bridge.request('GET', f'/query?db={database}&q=SHOW+MEASUREMENTS').body)
        measurements = {name for name, in answer['results'][0]['series'][0]['values']}
        self.assertLessEqual({'cpu', 'load', 'memory', 'uptime'}, measurements)
        for metric in ('fluxgate_lines_rejected_total', 'fluxgate_historic_points_total'):
            self.assertEqual(self.count(metric), 0, metric)

    def test_listener_that_detects_the_unit(self):
        self.check('detected', self.bridge.udp_ports[0])

    def test_listener_preset_for_collectd(self):
        self.check('preset', self.bridge.udp_ports[1])


if __name__ == '__main__':
    unittest.main()
