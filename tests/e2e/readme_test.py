"""README says what is so: its commands are run as they stand, its flags are those of --help, its links lead somewhere."""
import json
import os
import re
import subprocess
import unittest

import exposition
import fluxgate_process
import readme_text

# What --help lists beside the flags of README's table.
ALWAYS_THERE = {'--help', '--version'}
UNITS = {'KiB': 1 << 10, 'MiB': 1 << 20, 'GiB': 1 << 30}
# Defaults that README and --help say in words of their own.
IN_WORDS = {'--udp.precision': ('detected', 'detected'), '--tcp.listen-address': ('none', 'none'), '--unix.listen-path': ('none', 'none'),
            '--influxdb.database': ('none', 'none'), '--runtime.threads': ('one per core', '0'),
            '--upload.path': ('/data.cgi and /upload', '/data.cgi and /upload'), '--upload.config': ('none', 'none'),
            '--influxdb.max-sample-age': ('1h, or the expiry if longer', 'the larger of 1h and the sample expiry')}


def help_text():
    return subprocess.run([fluxgate_process.BINARY, '--help'], check=True, stdout=subprocess.PIPE, text=True).stdout


def help_flags():
    """{flag: default or None}: a flag's entry begins in the third column and goes on in deeper lines."""
    entries = re.split(r'\n {2}(?=-)', help_text())[1:]
    found = {}
    for entry in entries:
        entry = re.split(r'\n(?=\S)', entry)[0]
        names = re.findall(r'--[a-z][a-z0-9.-]*', entry.split('\n')[0])
        default = re.search(r'Default:? (.+?)\.(?:\s|$)', ' '.join(entry.split()))
        long_names = [name for name in names if not name.startswith('--no-')]
        found[long_names[0]] = default and default[1]
    return found


def plain(default):
    """Sizes in bytes, durations of nothing as 0, so that 1KiB is 1024 and 0s is 0."""
    size = re.fullmatch(r'([0-9]+)(KiB|MiB|GiB)', default)
    return str(int(size[1]) * UNITS[size[2]]) if size else re.sub(r'^0s$', '0', default)


class Readme(unittest.TestCase):
    def test_first_screen_as_it_stands(self):
        screen = readme_text.first_screen()
        commands = readme_text.commands(screen, 'curl ')
        self.assertEqual(len(commands), 2, commands)
        for command in ('deploy/quickstart', 'tests/run'):
            self.assertEqual(len(readme_text.commands(screen, command)), 1)
            self.assertTrue(os.access(os.path.join(readme_text.ROOT, command), os.X_OK), command)
        bridge = self.enterContext(fluxgate_process.Fluxgate())
        outputs = []
        for command in commands:
            done = subprocess.run(['bash', '-euc', readme_text.at_port(command, bridge.port)], check=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            outputs.append(done.stdout)
        self.assertRegex(outputs[0], r'\AHTTP/1.1 204 No Content\n')
        samples = exposition.read_text(outputs[1].encode())
        self.assertEqual(exposition.value_of(samples, 'temperature', room='kitchen'), 21.5)

    def test_explain_line_as_it_stands(self):
        command, = [line for line in readme_text.commands(readme_text.read(), 'echo ') if 'explain' in line]
        path = 'build/release/fluxgate'
        self.assertIn(path, command)
        done = subprocess.run(['bash', '-euc', command.replace(path, f'"{fluxgate_process.BINARY}"')], check=True,
                              stdout=subprocess.PIPE, text=True)
        self.assertEqual([s['name'] for s in json.loads(done.stdout)['samples']], ['cpu', 'cpu_n'])

    def test_scrape_configuration_is_whole(self):
        self.assertIn(f"targets: ['localhost:{readme_text.DEFAULT_PORT}']", readme_text.scrape_configuration())

    def test_default_port(self):
        self.assertEqual(help_flags()['--web.listen-address'], f':{readme_text.DEFAULT_PORT}')

    def test_every_flag_is_in_both(self):
        self.assertEqual(set(help_flags()) - ALWAYS_THERE, set(readme_text.flags()))

    def test_defaults_are_the_same(self):
        told = help_flags()
        for flag, default in readme_text.flags().items():
            with self.subTest(flag=flag):
                if flag in IN_WORDS:
                    self.assertEqual((default, told[flag]), IN_WORDS[flag])
                else:
                    self.assertEqual(plain(default), plain(told[flag] or 'off'))

    def test_every_flag_works_with_its_default(self):
        for flag, default in readme_text.flags().items():
            if flag in IN_WORDS:
                continue
            switch = {'on': flag, 'off': flag.replace('--', '--no-')}.get(default)
            with self.subTest(flag=flag):
                done = subprocess.run([fluxgate_process.BINARY, switch or f'{flag}={default}', 'explain'],
                                      input=b'm v=1', check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.assertEqual((done.returncode, done.stderr), (0, b''))

    def test_environment(self):
        self.assertIn('FLUXGATE_WEB_LISTEN_ADDRESS', help_text())
        self.assertIn('FLUXGATE_WEB_LISTEN_ADDRESS', readme_text.read())

    def test_flags_that_the_documents_name_exist(self):
        known = set(help_flags()) | {'--precision', '--now-ns'}
        for document in ('README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'deploy/migrating-from-influxdb_exporter.md'):
            with open(os.path.join(readme_text.ROOT, document), encoding='utf-8') as file:
                named = re.findall(r'`(--(?:web|influxdb|udp|log|shutdown|runtime)\.[a-z.-]+[a-z])', file.read())
            self.assertEqual([flag for flag in named if flag not in known], [], document)

    def test_flags_that_the_documents_give_a_value_take_it(self):
        for document in ('README.md', 'ARCHITECTURE.md', 'deploy/migrating-from-influxdb_exporter.md'):
            with open(os.path.join(readme_text.ROOT, document), encoding='utf-8') as file:
                given = re.findall(r'`(--[a-z.-]+=[^` ]+)`', file.read())
            for flag in given:
                with self.subTest(document=document, flag=flag):
                    done = subprocess.run([fluxgate_process.BINARY, flag, 'explain'], check=False,
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                    self.assertEqual((done.returncode, done.stderr), (0, b''))

    def test_links_lead_somewhere(self):
        for document in ('README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'SECURITY.md',
                         'deploy/migrating-from-influxdb_exporter.md'):
            path = os.path.join(readme_text.ROOT, document)
            with open(path, encoding='utf-8') as file:
                text = file.read()
            for link in re.findall(r'\]\(([^)#\s]+)', text):
                if not re.match(r'https?://', link):
                    target = os.path.join(os.path.dirname(path), link)
                    self.assertTrue(os.path.exists(target), f'{document}: {link}')

    def test_changelog_has_tagged_entries(self):
        with open(os.path.join(readme_text.ROOT, 'CHANGELOG.md'), encoding='utf-8') as file:
            text = file.read()
        self.assertRegex(text, r'(?m)^- \[(CHANGE|FEATURE|ENHANCEMENT|BUGFIX|SECURITY)\] ')


if __name__ == '__main__':
    unittest.main()
