"""Client libraries of Debian and npm, unchanged, in programs of their own languages (clients/): each makes its
database, writes the load and memory of this host, and reads them back where it can."""
import os
import subprocess
import sys
import unittest

from influxdb.line_protocol import make_lines

import npm_packages
from real_client_test_case import RealClientTestCase, host_points, series_of


class ClientLibrariesTest(RealClientTestCase):
    def check(self, name, *command, **options):
        points = host_points(name)
        self.write_with([*command, str(self.bridge.port)], points, **options)
        self.expect(series_of(points))

    def check_node(self, name, script):
        self.check(name, 'node', script, env={**os.environ, 'NODE_PATH': npm_packages.install()})

    def test_influxdb_python(self):
        self.check('influxdb-python', sys.executable, 'influxdb_python.py')

    def test_aioinflux(self):
        # It warns when pandas is not there.
        self.check('aioinflux', sys.executable, '-W', 'ignore', 'aioinflux_python.py')

    def test_ruby_influxdb(self):
        self.check('ruby-influxdb', 'ruby', 'ruby_influxdb.rb')

    def test_node_influx(self):
        self.check_node('node-influx', 'node_influx.js')

    def test_influxdb_client_js(self):
        self.check_node('influxdb-client-js', 'influxdb_client_js.js')

    def test_perl_line_protocol(self):
        self.check('InfluxDB::LineProtocol', 'perl', 'line_protocol.pl')

    def influx(self, statement):
        """What InfluxDB's own shell prints."""
        done = subprocess.run(['influx', '-host', '127.0.0.1', '-port', str(self.bridge.port), '-database', 'shell',
                               '-username', 'user', '-password', 'secret', '-format', 'csv', '-execute', statement],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_influx_shell(self):
        points = host_points('influx shell')
        self.assertEqual(self.influx('CREATE DATABASE shell'), '')
        self.assertIn('databases,shell', self.influx('SHOW DATABASES').split())
        for line in make_lines({'points': points}).splitlines():
            self.assertEqual(self.influx(f'INSERT {line}'), '')
        load = points[0]['fields']
        heading, row = self.influx('SELECT one, five, fifteen FROM host_load WHERE writer = \'influx shell\'').split()
        self.assertEqual(heading, 'name,time,one,five,fifteen')
        self.assertEqual([float(number) for number in row.split(',')[2:]], [load['one'], load['five'], load['fifteen']])
        self.expect(series_of(points))


if __name__ == '__main__':
    unittest.main()
