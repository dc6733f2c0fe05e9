"""A real Prometheus scrapes fluxgate with README's own scrape_config while real clients write: python3-influxdb,
README's curl line, UDP. PromQL then returns what was written."""
import subprocess
import time
import unittest

import influxdb

import exposition
import fluxgate_process
import readme_text
from prometheus_process import Prometheus
from wait import eventually

EXPIRY_SECONDS = 3
GLOBAL = 'global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n'


def another_job(text, name):
    """The jobs of a configuration again, under another name."""
    return text.partition('\n')[2].replace('job_name: fluxgate', f'job_name: {name}')


class PrometheusTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        readme = readme_text.scrape_configuration()
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate())
        cls.forgetful = cls.enterClassContext(
            fluxgate_process.Fluxgate(f'--influxdb.sample-expiry={EXPIRY_SECONDS}s'))
        cls.stamping = cls.enterClassContext(fluxgate_process.Fluxgate('--timestamps'))
        cls.prometheus = Prometheus(GLOBAL + readme_text.at_port(readme, cls.bridge.port) +
                                    another_job(readme_text.at_port(readme, cls.forgetful.port), 'forgetful') +
                                    another_job(readme_text.at_port(readme, cls.stamping.port), 'stamping'))
        cls.addClassCleanup(cls.prometheus.close)
        cls.client = influxdb.InfluxDBClient('127.0.0.1', cls.bridge.port, database='home', timeout=60)
        cls.zip_client = influxdb.InfluxDBClient('127.0.0.1', cls.bridge.port, database='home', timeout=60, gzip=True)
        cls.addClassCleanup(cls.client.close)
        cls.addClassCleanup(cls.zip_client.close)

    def expect(self, promql, *values):
        """Waits until the query has exactly these values, in any order."""
        def found():
            return sorted(value for _, value in self.prometheus.query(promql))
        eventually(lambda: found() == sorted(values), lambda: f'{promql} is {found()}, not {sorted(values)}')

    def test_target_is_up_and_counted_right(self):
        self.expect('up{job="fluxgate"}', 1)

        def counts():
            served = len(exposition.read_text(self.bridge.scrape().body))
            scraped = self.prometheus.query('scrape_samples_scraped{job="fluxgate"}')
            return [served], [value for _, value in scraped]
        eventually(lambda: counts()[0] == counts()[1], lambda: f'served and scraped: {counts()}')

        def health():  # a scrape now and then may be late on a busy machine
            target, = [t for t in self.prometheus.targets() if t['labels']['job'] == 'fluxgate']
            return target['health'], target['lastError']
        eventually(lambda: health() == ('up', ''), health)

    def test_python_client_shakes_hands(self):
        self.assertEqual(self.client.ping(), '1.8.10')
        self.client.create_database('kitchen sink')
        self.client.create_database('home')
        databases = [database['name'] for database in self.client.get_list_database()]
        self.assertIn('kitchen sink', databases)
        self.assertIn('home', databases)

    def test_python_client_writes_every_type(self):
        points = [{'measurement': 'machine', 'tags': {'host': 'web 1', 'zone': 'a,b=c'},
                   'fields': {'load': 0.5, 'users': 3, 'on': True, 'off': False, 'note': 'a "quoted" text',
                              'large': 2 ** 53 + 0.0, 'negative': -12}}]
        self.assertTrue(self.client.write_points(points, tags={'plain': 'yes'}))
        for field, value in [('load', 0.5), ('users', 3), ('on', 1), ('off', 0), ('large', 2 ** 53), ('negative', -12)]:
            self.expect(f'machine_{field}{{host="web 1", zone="a,b=c", plain="yes", job="fluxgate"}}', value)
        self.expect('{__name__=~"machine_.*"}', 0.5, 3, 1, 0, 2 ** 53, -12)

    def test_python_client_writes_gzip(self):
        points = [{'measurement': 'squeezed', 'tags': {'n': str(n)}, 'fields': {'value': n}} for n in range(3000)]
        self.assertTrue(self.zip_client.write_points(points, batch_size=1000))
        self.expect('count(squeezed)', 3000)
        self.expect('sum(squeezed)', sum(range(3000)))
        self.expect('squeezed{n="2999"}', 2999)

    def test_python_client_writes_with_times_of_every_precision(self):
        now = time.time_ns()
        for precision, unit in [('n', 1), ('u', 10 ** 3), ('ms', 10 ** 6), ('s', 10 ** 9)]:
            point = {'measurement': 'timed', 'tags': {'precision': precision}, 'fields': {'value': 7.25},
                     'time': now // unit}
            self.assertTrue(self.client.write_points([point], time_precision=precision))
        self.expect('timed', 7.25, 7.25, 7.25, 7.25)

    def test_curl_line_of_readme(self):
        command, = [c for c in readme_text.commands(readme_text.first_screen(), 'curl ') if '--data-binary' in c]
        done = subprocess.run(['bash', '-c', readme_text.at_port(command, self.bridge.port)], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.assertRegex(done.stdout, r'^HTTP/1.1 204 ')
        self.expect('temperature{room="kitchen", job="fluxgate"}', 21.5)

    def test_udp(self):
        self.bridge.send_udp(b'datagram,from=plain value=1\ndatagram,from=second value=2')
        sender = influxdb.InfluxDBClient('127.0.0.1', use_udp=True, udp_port=self.bridge.udp_port, database='home')
        self.addCleanup(sender.udp_socket.close)
        sender.write_points([{'measurement': 'datagram', 'tags': {'from': 'client'}, 'fields': {'value': 3}}])
        self.expect('datagram', 1, 2, 3)

    def test_instance_and_job_tags_are_kept(self):
        self.client.write_points(['legacy,instance=db1:5432,job=backup value=4'], protocol='line')
        self.expect('legacy{instance="db1:5432", job="backup"}', 4)
        self.expect('legacy', 4)
        self.expect('{__name__="legacy", exported_instance!=""}')

    def test_names_and_values_beyond_ascii(self):
        self.client.write_points(['außen.temperatur,ort=Köln,euro=€ °C=-3.5'], protocol='line')
        self.expect('au_en_temperatur__C{ort="Köln", euro="€"}', -3.5)

    def test_expired_series_vanish(self):
        def seen():
            self.forgetful.write(b'fleeting value=1')
            return self.prometheus.query('fleeting')
        eventually(seen, 'fleeting was never scraped')
        self.forgetful.write(b'lasting value=1')
        self.expect('fleeting')
        self.expect('up{job="forgetful"}', 1)
        self.assertEqual(exposition.read_text(self.forgetful.scrape().body).get(('fleeting', ())), None)

    def test_timestamps(self):
        now = time.time_ns()
        stamps = {b'now': now, b'a minute ago': now - 60 * 10 ** 9, b'a minute ahead': now + 60 * 10 ** 9,
                  b'an hour ahead': now + 3600 * 10 ** 9, b'the end of time': 2 ** 63 - 2}
        for number, (when, stamp) in enumerate(stamps.items()):
            self.stamping.write(b'stamped,when=%b value=%d %d' % (when.replace(b' ', b'\\ '), number, stamp))
        for number, when in enumerate(stamps):
            if when != b'a minute ahead':
                self.expect(f'stamped{{when="{when.decode()}"}}', number)
        self.expect('stamped{when="a minute ahead"} offset -2m', 2)
        minute_ago, = self.prometheus.query('timestamp(stamped{when="a minute ago"})')
        self.assertAlmostEqual(minute_ago[1], now / 1e9 - 60, delta=0.002)
        self.expect('up{job="stamping"}', 1)


if __name__ == '__main__':
    unittest.main()
