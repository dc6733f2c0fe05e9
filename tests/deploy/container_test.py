"""container_test [ROOT]: builds deploy/Dockerfile as it stands and runs the image, without a daemon or a registry.

debian:12 is made from the package archive. The container has no network but loopback, no capability, and a
read-only root; what talks to it from outside enters its network namespace.
"""
import json
import os
import subprocess
import sys

import probe

SIZE_MAX = 60_000_000
IMAGE = 'localhost/fluxgate:test'
NAME = 'fluxgate-test'
URL = 'http://127.0.0.1:9122'
# Limits and a runtime that also work in a container on a host with version 1 control groups.
RUN = ['run', '--detach', '--name', NAME, '--network', 'none', '--read-only', '--cap-drop', 'ALL',
       '--security-opt', 'no-new-privileges', '--log-driver', 'k8s-file',
       '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024']
# A client inside the container's network, as its image has no tool of its own.
CLIENT = f'import probe; probe.write_and_scrape("{URL}")'


class Containers:
    """buildah and podman on a storage of their own."""

    def __init__(self, folder):
        self.storage = ['--root', os.path.join(folder, 'root'), '--runroot', os.path.join(folder, 'run'),
                        '--storage-driver', 'vfs']

    def command(self, tool, *arguments):
        engine = ['--cgroup-manager', 'cgroupfs', '--runtime', 'runc'] if tool == 'podman' else []
        return [tool, *self.storage, *engine, *arguments]

    def run(self, tool, *arguments):
        subprocess.run(self.command(tool, *arguments), check=True)

    def ask(self, *arguments):
        return probe.output_of(self.command('podman', *arguments)).strip()

    def answers(self, *arguments):
        return subprocess.run(self.command('podman', *arguments), check=False).returncode == 0


def build(containers, folder, root):
    base = os.path.join(folder, 'debian.tar')
    subprocess.run(['mmdebstrap', '--variant=minbase', 'bookworm', base], check=True)
    containers.run('podman', 'import', '--quiet', base, 'docker.io/library/debian:12')
    os.remove(base)
    containers.run('buildah', 'bud', '--isolation', 'chroot', '--pull-never', '--format', 'docker',
                   '--ignorefile', os.path.join(root, '.dockerignore'),
                   '--file', os.path.join(root, 'deploy', 'Dockerfile'), '--tag', IMAGE, root)


def check_image(containers):
    image = json.loads(containers.ask('image', 'inspect', IMAGE))[0]
    print(f'image: {image["Size"] / 1e6:.1f} MB')
    assert image['Size'] < SIZE_MAX, image['Size']
    assert image['Config']['User'] == '65532:65532', image['Config']
    assert sorted(image['Config']['ExposedPorts']) == ['9122/tcp', '9122/udp'], image['Config']


def check_running(containers):
    containers.run('podman', *RUN, IMAGE)
    try:
        probe.wait_until(lambda: containers.answers('exec', NAME, '/fluxgate', 'healthcheck'), 'healthy')
        containers.run('podman', 'healthcheck', 'run', NAME)
        process = containers.ask('inspect', '--format', '{{.State.Pid}}', NAME)
        subprocess.run(['nsenter', '--net', '--target', process, sys.executable, '-c', CLIENT],
                       cwd=os.path.dirname(os.path.abspath(__file__)), check=True)
        containers.run('podman', 'stop', '--time', '10', NAME)
        code = containers.ask('inspect', '--format', '{{.State.ExitCode}}', NAME)
        assert code == '0', f'exit code {code}'
    finally:
        print(containers.ask('logs', NAME))
        containers.run('podman', 'rm', '--force', NAME)


def main(root):
    if os.getuid() != 0:
        print('not run: that takes root')
        return probe.SKIPPED
    with probe.folder() as folder:
        containers = Containers(folder)
        try:
            build(containers, folder, root)
            check_image(containers)
            check_running(containers)
        finally:
            containers.run('podman', 'system', 'reset', '--force')
    return 0


sys.exit(main(os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else probe.ROOT))
