"""Icinga 2 checks the load and uptime of this host, and sends the result with InfluxdbWriter and Influxdb2Writer.

It is a daemon of its own: it reads no configuration of the machine, and all that it writes is in a folder of the test.
"""
import getpass
import grp
import os
import subprocess
import unittest

from real_client_test_case import RealClientTestCase, load, uptime

STOP_SECONDS = 60

CHECK = '''#!/bin/sh
read -r one five fifteen _ </proc/loadavg
read -r uptime _ </proc/uptime
echo "LOAD OK - $one | load1=$one;5;10;0 load5=$five;5;10;0 load15=$fifteen;5;10;0 'up time'=${uptime}s"
'''
CONFIGURATION = r'''
object CheckerComponent "checker" {}
object CheckCommand "host_load" { command = [ "FOLDER/check" ] }
object Host "here" {
  check_command = "host_load"
  check_interval = 1s
}
object Service "load of \"this\" host, x=y\\" {
  host_name = "here"
  check_command = "host_load"
  check_interval = 1s
}
object InfluxdbWriter "first" {
  host = "127.0.0.1"
  port = PORT
  database = "icinga"
  username = "user"
  password = "secret"
  flush_interval = 1s
  enable_send_thresholds = true
  enable_send_metadata = true
}
object Influxdb2Writer "second" {
  host = "127.0.0.1"
  port = PORT
  organization = "home"
  bucket = "icinga"
  auth_token = "secret"
  flush_interval = 1s
  host_template = { measurement = "second $host.check_command$", tags = { hostname = "$host.name$" } }
  service_template = { measurement = "second $service.check_command$", tags = { service = "$service.name$" } }
}
'''
# Icinga puts a backslash before a quote, which InfluxDB keeps, and replaces one at the end.
SERVICE_TAG = r'load of \"this\" host, x=y_'


class Icinga2Test(RealClientTestCase):
    def write(self, name, text):
        path = os.path.join(self.root, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace('FOLDER', self.root).replace('PORT', str(self.bridge.port)))
        return path

    def setUp(self):
        self.root = self.folder()
        os.chmod(self.write('check', CHECK), 0o755)
        constants = {'RunAsUser': getpass.getuser(), 'RunAsGroup': grp.getgrgid(os.getgid()).gr_name}
        for name in ('ConfigDir', 'DataDir', 'LogDir', 'CacheDir', 'SpoolDir', 'InitRunDir'):
            constants[name] = os.path.join(self.root, name)
            os.mkdir(constants[name])
        defines = [f'--define=Configuration.{name}={value}' for name, value in constants.items()]
        with open(os.path.join(self.root, 'output'), 'wb') as output:
            self.daemon = subprocess.Popen(
                ['/usr/sbin/icinga2', 'daemon', '--config', self.write('icinga2.conf', CONFIGURATION), *defines],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        self.addCleanup(self.stop)

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(STOP_SECONDS)

    def output(self):
        with open(os.path.join(self.root, 'output'), encoding='utf-8', errors='replace') as file:
            return file.read()

    def test_writers(self):
        for measurement, tag in (('host_load', {'hostname': 'here'}), ('host_load', {'service': SERVICE_TAG}),
                                 ('second_host_load', {'hostname': 'here'}),
                                 ('second_host_load', {'service': SERVICE_TAG})):
            self.expect_about(measurement, uptime, 60, metric='up time', **tag)
            self.expect_about(measurement, lambda: load()[0], 0.5, metric='load1', **tag)
        self.expect({('host_load_crit', (('hostname', 'here'), ('metric', 'load5'))): 10,
                     ('host_load_max_check_attempts', (('hostname', 'here'),)): 3})
        self.assertEqual(self.count('fluxgate_lines_rejected_total'), 0)
        self.stop()
        # Whatever is not 204 is a warning or worse, and its values are lost.
        complaints = [line for line in self.output().splitlines() if 'warning' in line or 'critical' in line]
        self.assertEqual(complaints, [], self.output())
        self.assertIn('InfluxdbWriter', self.output())


if __name__ == '__main__':
    unittest.main()
