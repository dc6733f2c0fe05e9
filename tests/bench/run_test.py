"""run_test.py PROGRAMS: a run fails when fluxgate loses lines, and goes on with the others; servers start and end."""
import os
import subprocess
import sys
import tempfile
import unittest

import servers

PROGRAMS = sys.argv[1]
RUN = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'run')

# Answers all writes as fluxgate does, and shows nothing of what was written.
FORGETFUL = '''#!/usr/bin/env bash
set -euo pipefail
exec {programs}/null_server "--listen=${{1#--web.listen-address=}}"
'''


class RunTest(unittest.TestCase):
    def run_it(self, folder, *flags):
        fluxgate = os.path.join(folder, 'fluxgate')
        with open(fluxgate, 'w', encoding='utf-8') as script:
            script.write(FORGETFUL.format(programs=PROGRAMS))
        os.chmod(fluxgate, 0o755)
        return subprocess.run([RUN, '--quick', '--fluxgate', fluxgate, '--programs', PROGRAMS, *flags],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300, check=False)

    def test_lost_lines_cannot_win(self):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, 'report.md')
            ran = self.run_it(folder, '--only', 'gzip bodies', '--output', report)
            with open(report, encoding='utf-8') as file:
                text = file.read()
        self.assertEqual(ran.returncode, 1)
        self.assertIn('FAILED on fluxgate: load_generator: plain scrape: 0 of 1000 series right', ran.stdout)
        self.assertIn('FAILED on fluxgate', text)
        self.assertRegex(ran.stdout, r'CPU a sample +\d+\.\d+ us')  # of the limit

    def test_a_peer_that_does_not_start_fails_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            ran = self.run_it(folder, '--only', 'start', '--peer', 'broken=/usr/bin/false', '--peer',
                              f'good={PROGRAMS}/null_server --listen=127.0.0.1:{{port}}')
        self.assertEqual(ran.returncode, 0)
        self.assertIn('FAILED on broken: broken does not start', ran.stdout)
        self.assertRegex(ran.stdout, r'first answer +[\d.]+ ms +[\d.]+ ms +[\d.]+ +[\d.]+ ms \(x')


class ServersTest(unittest.TestCase):
    def test_starts_and_ends(self):
        with servers.DoesNothing(PROGRAMS) as server:
            self.assertTrue(server.answers())
            self.assertGreater(server.start_seconds, 0)
            folder = server.folder.name
            self.assertTrue(os.path.isdir(folder))
        self.assertFalse(server.answers())
        self.assertFalse(os.path.exists(folder))

    def test_counts_wait_until_all_is_there(self):
        readings = iter([1, 5, 10])
        self.assertEqual(servers.await_count(lambda: next(readings), 10, 'things'), '10 things found, 10 sent')

    def test_versions(self):
        self.assertEqual(servers.version_of(servers.Other('python', '/usr/bin/python3'))[:8], 'Python 3')
        self.assertEqual(servers.version_of(servers.Other('absent', '/nowhere/absent')), 'absent')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
