"""What is served after hostile writes is what promtool, python3-prometheus-client and a real Prometheus accept, in
every format that a client asks for."""
import gzip
import json
import random
import unittest

import exposition
import fluxgate_process
from hostile_lines import hostile_lines
from prometheus_process import Prometheus
from wait import eventually

SEEDS = range(20)
LINES = 1500
SCRAPE_SECONDS = 5  # and so long one may take; many do at once

OM, TEXT = exposition.OPENMETRICS, exposition.TEXT
OM_100 = 'application/openmetrics-text;version=1.0.0'
OM_001 = 'application/openmetrics-text;version=0.0.1'
UTF8 = ';escaping=allow-utf-8'
PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'
# What each client sends, and what it gets.
ACCEPTS = {
    'Prometheus 2.5 to 2.20': ('application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', OM),
    'Prometheus 2.42': (f'{OM_100},{OM_001};q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', OM),
    'Prometheus 2.49.0, q=2': (f'{OM_100};q=0.5,{OM_001};q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=2', OM),
    'Prometheus 2.49.1': (f'{OM_100};q=0.5,{OM_001};q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2', OM),
    'Prometheus 3.0.0': (f'{OM_100}{UTF8};q=0.6,{OM_001}{UTF8};q=0.5,text/plain;version=1.0.0{UTF8}{UTF8};q=0.4,'
                         f'text/plain;version=0.0.4{UTF8};q=0.3,*/*{UTF8};q=0.2', OM),
    'Prometheus 3.4': (f'{OM_100}{UTF8};q=0.6,{OM_001};q=0.5,text/plain;version=1.0.0{UTF8};q=0.4,'
                       'text/plain;version=0.0.4;q=0.3,*/*;q=0.2', OM),
    'Prometheus 3, underscores': (f'{OM_100};escaping=underscores;q=0.6,{OM_001};q=0.5,'
                                  'text/plain;version=1.0.0;escaping=underscores;q=0.4,*/*;q=0.2', OM),
    'Prometheus 3, text first': (f'text/plain;version=1.0.0{UTF8};q=0.6,{OM_100}{UTF8};q=0.5,*/*;q=0.2', TEXT),
    'native histograms': (f'{PROTOBUF};q=0.6,{OM_100}{UTF8};q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2', OM),
    'only protobuf': (PROTOBUF, TEXT),
    'no header': (None, TEXT),
    'curl': ('*/*', TEXT),
    'a browser': ('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', TEXT),
    'OpenMetrics refused': (f'{OM_100};q=0,*/*', TEXT),
    'nonsense': (';;q=x,,/,\t"', TEXT),
}


def thousands_of_families():
    """As many families as an attacker likes, of long names, with long label values."""
    lines = [b'f%d_%s,long=%s,n=%d value=%d' % (n, b'x' * (n % 500), b'y' * (n % 3000), n % 7, n) for n in range(5000)]
    return b'\n'.join(lines)


class AcceptedPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bridge = cls.enterClassContext(fluxgate_process.Fluxgate())
        cls.bridge.write(hostile_lines(random.Random(1), LINES))
        for seed in range(2, 50):
            cls.bridge.send_udp(hostile_lines(random.Random(seed), 30))
            cls.bridge.send_udp(random.Random(seed).randbytes(1000))
        eventually(cls.has_taken_a_datagram, 'the datagrams do not arrive')
        cls.bridge.write(b'm value=1', path='/write?db=%22%0a%00%ff%5c')
        cls.bridge.write(b'm value=1', path='/api/v2/write?bucket=%e2%80%a8&org=%7f')

    @classmethod
    def has_taken_a_datagram(cls):
        cls.bridge.send_udp(b'last_datagram value=1')
        return b'\nlast_datagram 1\n' in cls.bridge.scrape().body

    def page(self, path, accept, coding=None):
        headers = {'Accept': accept, 'Accept-Encoding': coding}
        reply = self.bridge.request('GET', path, headers={k: v for k, v in headers.items() if v is not None})
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers.get('Content-Encoding'), coding)
        body = gzip.decompress(reply.body) if coding else reply.body
        return body, reply.headers['Content-Type']

    def test_every_client_accepts_its_page(self):
        sizes = set()
        for client, (accept, wanted) in ACCEPTS.items():
            for coding in (None, 'gzip'):
                with self.subTest(client=client, coding=coding):
                    body, content_type = self.page('/metrics', accept, coding)
                    self.assertEqual(exposition.media_type(content_type), wanted)
                    sizes.add(len(exposition.judge(body, content_type)))
        size, = sizes
        self.assertGreater(size, LINES // 3)

    def test_every_client_accepts_our_own_metrics(self):
        for client, (accept, wanted) in ACCEPTS.items():
            with self.subTest(client=client):
                body, content_type = self.page('/metrics/exporter', accept, 'gzip')
                self.assertEqual(exposition.media_type(content_type), wanted)
                self.assertGreater(len(exposition.judge(body, content_type)), 10)

    def test_our_own_metrics_are_clean(self):
        body, _ = self.page('/metrics/exporter', None)
        self.assertEqual(exposition.promtool(body), (exposition.PROMTOOL_CLEAN, ''))

    def test_rejections_are_json(self):
        page = json.loads(self.bridge.request('GET', '/status/rejections').body.decode('utf-8'))
        self.assertGreater(len(page['reasons']), 5)
        for reason in page['reasons']:
            self.assertLessEqual(len(reason['rejections']), 20)

    def test_pages_are_the_same_in_both_codings_and_from_scrape_to_scrape(self):
        for accept in (None, OM_100):
            first, _ = self.page('/metrics', accept)
            for coding in (None, 'gzip'):
                self.assertEqual(self.page('/metrics', accept, coding)[0], first)

    def test_head(self):
        for path in ('/metrics', '/metrics/exporter'):
            for headers in ({}, {'Accept': OM_100, 'Accept-Encoding': 'gzip'}):
                with self.subTest(path=path, headers=headers):
                    get = self.bridge.request('GET', path, headers=headers)
                    head = self.bridge.request('HEAD', path, headers=headers)
                    self.assertEqual((head.status, head.body), (200, b''))
                    for name in ('Content-Type', 'Content-Encoding', 'Vary'):
                        self.assertEqual(head.headers.get(name), get.headers.get(name))

    def test_slashes_written_twice(self):
        self.assertEqual(self.page('//metrics', None)[0], self.page('/metrics', None)[0])
        body, content_type = self.page('//metrics//exporter', None)
        self.assertIn('fluxgate_build_info', {name for name, _ in exposition.judge(body, content_type)})

    def test_telemetry_path_written_with_two_slashes(self):
        with fluxgate_process.Fluxgate('--web.telemetry-path=//pwp/prometheus/metrics') as bridge:
            bridge.write(b'm value=1')
            for path in ('//pwp/prometheus/metrics', '/pwp/prometheus/metrics', '/pwp//prometheus///metrics'):
                reply = bridge.request('GET', path)
                self.assertEqual(reply.status, 200, path)
                self.assertEqual(exposition.value_of(exposition.read_text(reply.body), 'm'), 1)
            self.assertEqual(bridge.request('GET', '/metrics').status, 404)


class RealScrapes(unittest.TestCase):
    def test_hostile_content_never_fails_a_scrape(self):
        bodies = [hostile_lines(random.Random(seed), LINES) for seed in SEEDS] + [thousands_of_families()]
        configuration = f'global:\n  scrape_interval: {SCRAPE_SECONDS}s\nscrape_configs:\n'
        served = {}
        for number, body in enumerate(bodies):
            bridge = self.enterContext(fluxgate_process.Fluxgate('--runtime.threads=1'))
            self.assertIn(bridge.write(body).status, (204, 400))
            samples = exposition.judge(bridge.scrape().body, exposition.TEXT)
            self.assertGreater(len(samples), len(body.splitlines()) // 10)
            served[f'seed {number}'] = len(samples)
            configuration += (f'- job_name: seed {number}\n  honor_labels: true\n'
                              f'  static_configs: [{{targets: ["127.0.0.1:{bridge.port}"]}}]\n')
        prometheus = Prometheus(configuration)
        self.addCleanup(prometheus.close)

        def health():
            return {t['labels']['job']: (t['health'], t['lastError']) for t in prometheus.targets()}
        eventually(lambda: len(health()) == len(served) and set(health().values()) == {('up', '')}, health)
        # All that was served was taken: no name, label or value was refused or seen twice.
        for metric in ('scrape_samples_scraped', 'scrape_samples_post_metric_relabeling'):
            def counts():
                return {labels['job']: count for labels, count in prometheus.query(metric)}
            eventually(lambda: counts() == served, counts)
        eventually(lambda: {value for _, value in prometheus.query('up')} == {1}, 'a target is down')
        refused = [line for line in prometheus.log if 'level=warn' in line or 'level=error' in line]
        self.assertEqual(refused, [])


if __name__ == '__main__':
    unittest.main()
