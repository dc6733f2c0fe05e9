"""load_generator_test.py LOAD_GENERATOR NULL_SERVER: the load generator measures, and its check cannot be fooled.

The do-nothing server has a page of its own, whatever is written: the values of round 0 of ten hosts.
"""
import http.server
import json
import subprocess
import sys
import threading
import unittest

LOAD_GENERATOR, NULL_SERVER = sys.argv[1:3]


class Refuser(http.server.BaseHTTPRequestHandler):
    """Says 400 to writes, and 501 to all else."""
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(400)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


class LoadGeneratorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([NULL_SERVER, '--tag-sets=10'], stdout=subprocess.PIPE, text=True)
        cls.address = '127.0.0.1:' + cls.server.stdout.readline().split()[1]

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.communicate()

    def load(self, verb, *flags, address=None):
        """The exit code, the figures and the complaint of a run."""
        server = f'--server={address or self.address}'
        ran = subprocess.run([LOAD_GENERATOR, verb, server, '--seconds=0.2', *flags],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        return ran.returncode, json.loads(ran.stdout or 'null'), ran.stderr

    def test_counts_requests_and_samples(self):
        code, figures, _ = self.load('write', '--tag-sets=10', '--lines=5', '--requests=40',
                                     f'--server-pid={self.server.pid}')
        self.assertEqual(code, 0)
        self.assertEqual(figures['first_round']['samples'], 100)
        self.assertEqual(figures['steady']['requests'], 40)
        self.assertEqual(figures['steady']['samples'], 2000)
        self.assertGreater(figures['steady']['p99_ms'], 0)
        self.assertGreater(figures['resident_peak'], 1_000_000)

    def test_compressed_bodies_and_a_rate(self):
        code, figures, _ = self.load('write', '--tag-sets=10', '--lines=10', '--gzip', '--rate=1000')
        self.assertEqual(code, 0)
        self.assertLessEqual(figures['steady']['requests'], 21)

    def test_check_takes_what_was_sent_last(self):
        code, figures, complaint = self.load('write', '--tag-sets=10', '--lines=5', '--rounds=1', '--check')
        self.assertEqual((code, complaint, figures['checked']), (0, '', 100))

    def test_check_sees_lost_writes(self):
        code, _, complaint = self.load('write', '--tag-sets=10', '--lines=5', '--rounds=2', '--requests=2',
                                       '--check')
        self.assertEqual(code, 1)
        self.assertIn('not the value that was sent last', complaint)

    def test_check_sees_lost_series(self):
        code, _, complaint = self.load('write', '--tag-sets=20', '--lines=5', '--rounds=1', '--check')
        self.assertEqual(code, 1)
        self.assertIn('100 of 200 series right', complaint)

    def test_mixed_lines_hold_different_numbers_of_samples(self):
        code, figures, _ = self.load('write', '--tag-sets=10', '--lines=10', '--kind=telegraf', '--requests=0',
                                     '--connections=1')
        self.assertEqual((code, figures['first_round']['samples']), (0, 2 * (4 + 3 + 3 + 5 + 4)))
        code, figures, complaint = self.load('write', '--tag-sets=10', '--lines=5', '--kind=telegraf', '--check')
        self.assertEqual((code, figures['checked']), (1, 0))
        self.assertIn('of 38 series right', complaint)

    def test_datagrams_are_counted(self):
        code, figures, _ = self.load('udp', '--tag-sets=10', '--lines=10', '--rate=1000', '--rounds=1', '--check',
                                     '--counter=null_server_lines_total')
        self.assertEqual(code, 0)
        self.assertEqual(figures['lines'], 200)
        self.assertEqual(figures['received'], figures['lines'])

    def test_scrapes(self):
        for flags in [], ['--gzip'], ['--openmetrics']:
            code, figures, _ = self.load('scrape', '--count=3', *flags)
            self.assertEqual((code, figures['scrapes']), (0, 3))
            self.assertGreater(figures['wall_s'], 0)

    def test_other_replies_end_the_load(self):
        with http.server.HTTPServer(('127.0.0.1', 0), Refuser) as refuser:
            threading.Thread(target=refuser.serve_forever, daemon=True).start()
            code, figures, complaint = self.load('write', address=f'127.0.0.1:{refuser.server_port}')
            scrape_code, _, scrape_complaint = self.load('scrape', address=f'127.0.0.1:{refuser.server_port}')
            refuser.shutdown()
        self.assertEqual((code, figures['steady']['requests']), (1, 0))
        self.assertIn('400', complaint)
        self.assertEqual(scrape_code, 1)
        self.assertIn('501', scrape_complaint)

    def test_no_server(self):
        for verb, *flags in ['write'], ['udp', '--rate=1000'], ['scrape']:
            self.assertEqual(self.load(verb, *flags, address='nowhere:1')[0], 1)

    def test_bad_usage(self):
        self.assertEqual(self.load('write', '--tag-sets=1')[0], 2)
        self.assertEqual(self.load('write', '--nonsense')[0], 2)
        self.assertEqual(self.load('udp')[0], 2)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
