"""deploy/quickstart in a copy of the scripts, whose "build" is to copy a binary that is there already."""
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

import probe

BINARY = os.path.abspath(sys.argv.pop())
COPIES = '''cmake_minimum_required(VERSION 3.25)
project(copied LANGUAGES NONE)
add_custom_target(fluxgate COMMAND ${CMAKE_COMMAND} -E copy_if_different "%s" fluxgate)
'''
DOES_NOT_COMPILE = '''cmake_minimum_required(VERSION 3.25)
project(broken LANGUAGES CXX)
file(WRITE ${CMAKE_BINARY_DIR}/main.cc "int main() { return nonsense; }")
add_executable(fluxgate ${CMAKE_BINARY_DIR}/main.cc)
'''
SECOND_START_SECONDS = 10


class Quickstart(unittest.TestCase):
    def setUp(self):
        self.root = self.enterContext(probe.folder())
        shutil.copytree(os.path.join(probe.ROOT, 'deploy'), os.path.join(self.root, 'deploy'))
        shutil.copy(os.path.join(probe.ROOT, 'CMakePresets.json'), self.root)
        self.project(COPIES % BINARY)
        self.port = probe.free_port()
        self.url = f'http://localhost:{self.port}'

    def project(self, text):
        with open(os.path.join(self.root, 'CMakeLists.txt'), 'w', encoding='utf-8') as lists:
            lists.write(text)

    def start(self, *flags, **environment):
        clean = {k: v for k, v in os.environ.items() if not k.startswith('FLUXGATE_')}
        process = subprocess.Popen(
            [os.path.join(self.root, 'deploy', 'quickstart'), '--udp.bind-address=', *flags], cwd='/',
            env={**clean, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def announced(self, process):
        """The three lines that say where to write and scrape."""
        for line in process.stdout:
            if line.startswith('fluxgate is ready'):
                return line + process.stdout.readline() + process.stdout.readline()
        raise AssertionError(process.stderr.read())

    def test_announces_serves_and_stops(self):
        for stop in (signal.SIGTERM, signal.SIGINT):
            started = time.monotonic()
            process = self.start(f'--web.listen-address=:{self.port}')
            text = self.announced(process)
            self.assertLess(time.monotonic() - started, SECOND_START_SECONDS)
            self.assertIn(f'{self.url}/write\n', text)
            self.assertIn(f'{self.url}/metrics\n', text)
            probe.write_and_scrape(self.url)
            process.send_signal(stop)
            self.assertEqual(process.wait(probe.READY_SECONDS), 0)

    def test_takes_the_address_from_the_environment(self):
        process = self.start(FLUXGATE_WEB_LISTEN_ADDRESS=f'127.0.0.1:{self.port}')
        self.assertIn(f'http://127.0.0.1:{self.port}/write\n', self.announced(process))
        process.terminate()
        self.assertEqual(process.wait(probe.READY_SECONDS), 0)

    def test_exits_as_fluxgate_does(self):
        direct = subprocess.run([BINARY, '--no-such-flag'], check=False,
                                timeout=probe.READY_SECONDS, stderr=subprocess.DEVNULL)
        process = self.start('--no-such-flag')
        _, errors = process.communicate(timeout=probe.READY_SECONDS)
        self.assertNotEqual(direct.returncode, 0)
        self.assertEqual(process.returncode, direct.returncode)
        self.assertIn('no-such-flag', errors)

    def test_is_not_ready_on_a_port_that_another_has(self):
        first = self.start(f'--web.listen-address=:{self.port}')
        self.announced(first)
        second = self.start(f'--web.listen-address=:{self.port}')
        output, errors = second.communicate(timeout=probe.READY_SECONDS)
        self.assertEqual(second.returncode, 1)
        self.assertNotIn('ready', output)
        self.assertIn(str(self.port), errors)
        first.terminate()
        self.assertEqual(first.wait(probe.READY_SECONDS), 0)

    def test_shows_what_does_not_compile(self):
        self.project(DOES_NOT_COMPILE)
        _, errors = (process := self.start()).communicate(timeout=probe.READY_SECONDS)
        self.assertEqual(process.returncode, 1)
        self.assertIn('build: compiling of preset release failed (log: ', errors.splitlines()[0])
        self.assertIn("error: use of undeclared identifier 'nonsense'", errors)
        self.assertNotIn('-fstack-protector-strong', errors)


if __name__ == '__main__':
    unittest.main()
