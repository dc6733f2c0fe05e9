"""What can be known of deploy/Dockerfile without building it; container_test builds and runs it."""
import json
import os
import re
import unittest

import probe


def instructions():
    with open(os.path.join(probe.ROOT, 'deploy', 'Dockerfile'), encoding='utf-8') as lines:
        text = ''.join(line for line in lines if not line.startswith('#')).replace('\\\n', ' ')
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


class Dockerfile(unittest.TestCase):
    def setUp(self):
        self.all = instructions()
        last = max(i for i, (name, _) in enumerate(self.all) if name == 'FROM')
        self.build, self.final = self.all[:last], self.all[last:]

    def value(self, name):
        values = [value for found, value in self.final if found == name]
        self.assertEqual(len(values), 1, name)
        return values[0]

    def test_everything_it_copies_is_there(self):
        copied = [value.split()[:-1] for name, value in self.build if name == 'COPY']
        self.assertTrue(copied)
        for path in sum(copied, []):
            self.assertTrue(os.path.exists(os.path.join(probe.ROOT, path)), path)

    def test_every_script_it_runs_is_copied_before(self):
        copied, scripts = [], []
        for name, value in self.build:
            if name == 'COPY':
                copied += value.split()[:-1]
            elif name == 'RUN':
                for script in re.findall(r'\bdeploy/\S+', value):
                    self.assertTrue(any(script == c or script.startswith(c + '/') for c in copied), script)
                    self.assertTrue(os.access(os.path.join(probe.ROOT, script), os.X_OK), script)
                    scripts.append(script)
        self.assertEqual(scripts, ['deploy/packages/install', 'deploy/build', 'deploy/image_root'])

    def test_the_image_has_no_shell_and_no_root(self):
        self.assertEqual(self.final[0], ['FROM', 'scratch\n'.strip()])
        self.assertNotIn('RUN', [name for name, _ in self.final])
        self.assertRegex(self.value('USER'), r'^[1-9]\d*:[1-9]\d*$')
        self.assertEqual(json.loads(self.value('ENTRYPOINT')), ['/fluxgate'])
        check = self.value('HEALTHCHECK').partition('CMD ')[2]
        self.assertEqual(json.loads(check), ['/fluxgate', 'healthcheck'])

    def test_exposes_http_and_udp(self):
        self.assertEqual(self.value('EXPOSE').split(), ['9122/tcp', '9122/udp'])

    def test_the_context_leaves_out_builds(self):
        with open(os.path.join(probe.ROOT, '.dockerignore'), encoding='utf-8') as lines:
            self.assertIn('build/', lines.read().split())


if __name__ == '__main__':
    unittest.main()
