"""What the tests of real clients share: a fluxgate that a real Prometheus scrapes, and measurements of this host.

A client in clients/ is a program that writes the points on its standard input, and fails unless its library is content.
"""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import unittest

import exposition
import fluxgate_process
import readme_text
from prometheus_process import Prometheus
from wait import eventually

BUILD = os.path.dirname(fluxgate_process.BINARY)
CLIENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'clients')
CLIENT_SECONDS = 300
GLOBAL = 'global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n'


def load():
    with open('/proc/loadavg', encoding='ascii') as file:
        return [float(number) for number in file.read().split()[:3]]


def uptime():
    with open('/proc/uptime', encoding='ascii') as file:
        return float(file.read().split()[0])


def host_points(writer):
    """The load and the memory of this host, as the points of a writer."""
    one, five, fifteen = load()
    with open('/proc/meminfo', encoding='ascii') as file:
        memory = {line.partition(':')[0]: int(line.split()[1]) * 1024 for line in file}
    tags = {'host': socket.gethostname(), 'writer': writer}
    return [{'measurement': 'host_load', 'tags': tags, 'fields': {'one': one, 'five': five, 'fifteen': fifteen}},
            {'measurement': 'host_memory', 'tags': tags,
             'fields': {'total': memory['MemTotal'], 'available': memory['MemAvailable']}}]


def series_of(points, **more_labels):
    """{(name, labels): value} that the points become."""
    return {(f'{point["measurement"]}_{field}', tuple(sorted({**point['tags'], **more_labels}.items()))): value
            for point in points for field, value in point['fields'].items()}


class RealClientTestCase(unittest.TestCase):
    FLAGS = ()
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate(*cls.FLAGS))
        cls.prometheus = Prometheus(GLOBAL + readme_text.at_port(readme_text.scrape_configuration(), cls.bridge.port))
        cls.addClassCleanup(cls.prometheus.close)

    def folder(self):
        path = tempfile.mkdtemp(prefix='client')
        self.addCleanup(shutil.rmtree, path)
        return path

    def write_with(self, command, points, **options):
        """Runs a client, which has to succeed in silence."""
        done = subprocess.run(command, input=json.dumps(points), text=True, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=CLIENT_SECONDS, cwd=CLIENTS, **options)
        self.assertEqual((done.returncode, done.stdout), (0, ''), ' '.join(command))

    def served(self):
        """{(name, labels): value} of what fluxgate shows."""
        samples = exposition.read_text(self.bridge.scrape().body)
        return {series: float(value) for series, value in samples.items()}

    def scraped(self, name):
        """The same of one metric in Prometheus, without the labels of its target."""
        return {(name, tuple(sorted((k, v) for k, v in labels.items() if k not in ('job', 'instance')))): value
                for labels, value in self.prometheus.query(name)}

    def expect(self, wanted):
        """Waits until fluxgate and then Prometheus show these series with these values."""
        for series, value in wanted.items():
            eventually(lambda: self.served().get(series) == value,
                       lambda: f'{series} is {self.served().get(series)}, not {value}: {self.served()}')
            eventually(lambda: self.scraped(series[0]).get(series) == value,
                       lambda: f'{series} is not {value} in Prometheus: {self.scraped(series[0])}')

    def expect_about(self, name, actual, off_by, **labels):
        """Waits until both show a value of the metric that is about actual(), measured here and now."""
        def found(samples):
            return [value for (metric, pairs), value in samples.items() if metric == name and
                    set(labels.items()) <= set(pairs) and abs(value - actual()) <= off_by]
        eventually(lambda: found(self.served()), lambda: f'{name} {labels} near {actual()} in {self.served()}')
        eventually(lambda: found(self.scraped(name)),
                   lambda: f'{name} {labels} near {actual()} in Prometheus: {self.scraped(name)}')

    def count(self, name):
        """The sum of one of fluxgate's own metrics over all labels."""
        samples = exposition.read_text(self.bridge.scrape('/metrics/exporter').body)
        return sum(float(value) for (metric, _), value in samples.items() if metric == name)
