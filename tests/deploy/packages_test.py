"""deploy/packages/install against a machine that is played by small scripts."""
import os
import re
import shutil
import subprocess
import unittest

import probe

TOOLS = 'bash cat comm dirname env grep id mktemp paste rm sed sort tr'.split()
# dpkg knows what stands in the file `installed`, a line for each package and what it provides; apt fails with
# what stands in `trouble`.
DPKG_QUERY = '''while read -r line; do echo "installed $line"; done <installed_
echo "config-files libone-dev, "'''
APT_GET = '''echo "apt-get $*" >>calls_
[[ " $* " != *" -s "* ]] || { echo "Remv libold-dev [1.0]"; exit 0; }
[[ ! -f trouble_ || $* == *update* ]] || { cat trouble_; exit 100; }'''
SUDO = 'echo "sudo $*" >>calls_; exec "$@"'


class Install(unittest.TestCase):
    def setUp(self):
        self.root = self.enterContext(probe.folder())
        self.bin = os.path.join(self.root, 'bin')
        os.mkdir(self.bin)
        for tool in TOOLS:
            os.symlink(shutil.which(tool), os.path.join(self.bin, tool))
        self.play('dpkg-query', DPKG_QUERY)
        self.play('apt-get', APT_GET)
        self.play('id', 'echo 0')
        lists = os.path.join(self.root, 'deploy', 'packages')
        os.makedirs(lists)
        shutil.copy(os.path.join(probe.ROOT, 'deploy', 'packages', 'install'), lists)
        self.write('deploy/packages/build.txt', '# a comment\nlibone-dev   # why\ntool-19 libtwo-dev\n')
        self.write('deploy/packages/test.txt', 'tool-19\nchecker\n')
        self.write('installed', '')

    def write(self, path, text):
        with open(os.path.join(self.root, path), 'w', encoding='utf-8') as target:
            target.write(text)

    def play(self, tool, script):
        path = os.path.join(self.bin, tool)
        if os.path.lexists(path):
            os.remove(path)
        for name in ('installed', 'calls', 'trouble'):
            script = script.replace(name + '_', f"'{self.root}/{name}'")
        self.write(f'bin/{tool}', f'#!{shutil.which("bash")}\n{script}\n')
        os.chmod(path, 0o755)

    def install(self, *lists):
        return subprocess.run([os.path.join(self.root, 'deploy', 'packages', 'install'), *lists],
                              env={'PATH': self.bin, 'TMPDIR': self.root}, cwd='/', check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def calls(self):
        path = os.path.join(self.root, 'calls')
        if not os.path.exists(path):
            return []
        with open(path, encoding='utf-8') as calls:
            return calls.read().splitlines()

    def fails_with_one_line(self, result, *wanted):
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for part in wanted:
            self.assertIn(part, result.stderr)

    def test_apt_is_not_called_when_nothing_is_missing(self):
        self.write('installed', 'libone-dev\ntool-19\nlibtwo-dev\n')
        result = self.install('build')
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, '', ''))
        self.assertEqual(self.calls(), [])

    def test_installs_exactly_what_is_missing(self):
        self.write('installed', 'libone-dev\n')
        self.assertEqual(self.install('build', 'test').returncode, 0)
        update, install = self.calls()
        self.assertTrue(update.endswith(' update'), update)
        self.assertIn('-o DPkg::Lock::Timeout=600', install)
        self.assertTrue(install.endswith(
            ' install --no-install-recommends --no-remove checker libtwo-dev tool-19'), install)
        self.assertEqual([f for f in os.listdir(self.root) if f.startswith('fluxgate-apt')], [])

    def test_what_another_package_provides_is_not_missing(self):
        self.write('installed', 'everything, libone-dev (= 1.2), checker\ntool-19, \nlibtwo-dev, \n')
        self.assertEqual((self.install('build', 'test').returncode, self.calls()), (0, []))

    def test_uses_sudo_when_not_root(self):
        self.play('id', 'echo 1000')
        self.play('sudo', SUDO)
        self.assertEqual(self.install('build').returncode, 0)
        self.assertEqual([call.split()[0] for call in self.calls()], ['sudo', 'apt-get'] * 2)

    def test_says_what_to_run_without_sudo(self):
        self.play('id', 'echo 1000')
        result = self.install('build')
        self.fails_with_one_line(
            result, 'run as root: apt-get install --no-install-recommends libone-dev libtwo-dev tool-19')
        self.assertEqual(self.calls(), [])

    def test_names_the_likely_cause_and_the_log(self):
        causes = {
            'Err:1 http://archive trixie InRelease\n': 'the network or a package source does not answer',
            'E: Failed to fetch http://archive/a.deb\n': 'the network or a package source does not answer',
            'E: Unable to locate package tool-19\n': 'is it Debian 12?',
            "E: Package 'tool-19' has no installation candidate\n": 'is it Debian 12?',
            'E: Could not get lock /var/lib/dpkg/lock\n': 'another apt kept its lock',
            'E: Packages need to be removed but remove is disabled.\n': 'have to remove libold-dev, so nothing',
            'E: Sub-process dpkg returned an error code (1)\n': 'apt failed',
        }
        for trouble, cause in causes.items():
            self.write('trouble', trouble)
            result = self.install('test')
            self.fails_with_one_line(result, 'cannot install checker tool-19: ', cause)
            log = re.search(r'\(log: (.*)\)$', result.stderr.strip())[1]
            with open(log, encoding='utf-8') as text:
                self.assertIn(trouble, text.read())

    def test_refuses_an_unknown_list(self):
        self.fails_with_one_line(self.install('biuld'), 'there is no list', 'biuld.txt')
        self.fails_with_one_line(self.install(), 'name at least one list')


class Lists(unittest.TestCase):
    def test_no_package_is_named_twice(self):
        for names in (('build', 'test', 'writers'), ('run',), ('container',)):
            packages = [package for name in names for package in probe.packages_of(name)]
            self.assertEqual(sorted(packages), sorted(set(packages)))


if __name__ == '__main__':
    unittest.main()
