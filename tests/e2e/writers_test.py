"""Each writer of writers/ against one fluxgate that they share, and the README's table of them."""
import importlib
import os
import re
import unittest

import fluxgate_process
import readme_text
import wire

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'writers')
NAMES = sorted(name.removesuffix('.py') for name in os.listdir(FOLDER) if name.endswith('.py'))
COLLECTD_PORT = 25826
COLLECTD = '--udp.bind-address=127.0.0.1:0?preset=collectd'
APIS = ('/query', '/write', '/api/v2/write', '/api/v3/write_lp')
ROW = re.compile(r'\| \[[^]]+\]\(tests/e2e/writers/(\w+)\.py\) \| (.+) \| ([^|]+) \|')


class SharedFluxgate(unittest.TestSuite):
    """Its tests have one fluxgate, which must end well."""

    def run(self, result, debug=False):
        with fluxgate_process.Fluxgate('--udp.bind-address=127.0.0.1:0', COLLECTD) as bridge:
            wire.WriterTest.bridge = bridge
            return super().run(result, debug)


def load_tests(loader, tests, _):
    scripts = SharedFluxgate()
    for name in NAMES:
        scripts.addTest(loader.loadTestsFromModule(importlib.import_module('writers.' + name)))
    tests.addTest(scripts)
    return tests


class ReadmeTest(unittest.TestCase):
    def test_table_and_scripts_are_the_same_writers(self):
        section = re.search(r'\n## Writers\n(.*?)\n## ', readme_text.read(), re.S)[1]
        rows = [ROW.fullmatch(line) for line in section.splitlines() if line.startswith('| [')]
        self.assertEqual(sorted(row[1] for row in rows), NAMES)
        for row in rows:
            with open(os.path.join(FOLDER, row[1] + '.py'), encoding='utf-8') as file:
                script = file.read()
            sent = [f'`{path}`' for path in APIS if re.search(rf'(?<!\w){path}\b', script)]
            self.assertEqual(row[3], ', '.join(sent + ['UDP'] * ('self.send_datagram' in script)), row[1])
            self.assertRegex(row[2], f'{readme_text.DEFAULT_PORT}|{COLLECTD_PORT}')
