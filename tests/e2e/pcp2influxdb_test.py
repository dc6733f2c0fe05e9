"""pcp2influxdb of Performance Co-Pilot sends what an archive holds, which needs none of its daemons."""
import os
import subprocess
import sys
import time
import unittest

import cpmapi
from pcp import pmi

from real_client_test_case import RealClientTestCase, host_points

SAMPLES = 3
SECONDS_APART = 1
DOMAIN = 400


def write_archive(path, points):
    """An archive of the points, some samples that end now: a metric host.load with an instance for each field."""
    archive = pmi.pmiLogImport(path)
    archive.pmiSetTimezone('UTC')
    domains = {}
    for number, point in enumerate(points):
        metric = point['measurement'].replace('_', '.')
        domains[metric] = archive.pmiInDom(DOMAIN, number)
        archive.pmiAddMetric(metric, archive.pmiID(DOMAIN, number, 0), cpmapi.PM_TYPE_DOUBLE, domains[metric],
                             cpmapi.PM_SEM_INSTANT, archive.pmiUnits(0, 0, 0, 0, 0, 0))
        for instance, field in enumerate(point['fields']):
            archive.pmiAddInstance(domains[metric], field, instance)
    first = int(time.time()) - SAMPLES * SECONDS_APART
    for sample in range(SAMPLES):
        for point in points:
            for field, value in point['fields'].items():
                archive.pmiPutValue(point['measurement'].replace('_', '.'), field, repr(value))
        archive.pmiWrite(first + sample * SECONDS_APART, 0)
    del archive  # which ends it
    return list(domains)


class Pcp2InfluxdbTest(RealClientTestCase):
    def test_archive(self):
        points = host_points('pcp2influxdb')
        archive = os.path.join(self.folder(), 'archive')
        metrics = write_archive(archive, points)
        tags = ','.join(f'{key}={value}' for key, value in points[0]['tags'].items())
        # With the Python that has its modules: its own launcher is in a package that starts daemons.
        done = subprocess.run([sys.executable, '/usr/bin/pcp2influxdb', '--archive', archive, '--no-header',
                               '--interval', str(SECONDS_APART), '--db-server', f'http://127.0.0.1:{self.bridge.port}',
                               '--db-name', 'pcp', '--db-user', 'user', '--db-pass', 'secret', '--db-tags', tags,
                               *metrics],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
        # It ends well whatever the server answers, and then complains.
        self.assertEqual((done.returncode, done.stdout), (0, ''))
        labels = tuple(sorted(points[0]['tags'].items()))
        self.expect({(f'{point["measurement"]}__{field}', labels): value
                     for point in points for field, value in point['fields'].items()})


if __name__ == '__main__':
    unittest.main()
