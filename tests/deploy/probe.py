"""What the deployment tests share: a free port, and whether a running fluxgate takes writes and scrapes."""
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
READY_SECONDS = 30
SKIPPED = 77  # SKIP_RETURN_CODE of the tests that need more than every machine gives


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def folder():
    """A folder whose name has a space, like many a checkout."""
    path = tempfile.mkdtemp(prefix='flux gate ')
    try:
        yield path
    finally:
        shutil.rmtree(path)


def wait_until(condition, what):
    deadline = time.monotonic() + READY_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f'{what}: not within {READY_SECONDS} s'
        time.sleep(0.05)


def answers(url):
    try:
        with urllib.request.urlopen(url + '/-/ready', timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def write_and_scrape(url):
    """Writes one sample and finds it again; fails where either does not work."""
    body = b'probe,where=image value=1'
    request = urllib.request.Request(url + '/write?db=test', data=body, method='POST')
    with urllib.request.urlopen(request, timeout=10) as reply:
        assert reply.status == 204, reply.status
    with urllib.request.urlopen(url + '/metrics', timeout=10) as reply:
        page = reply.read().decode()
    assert 'probe{where="image"} 1\n' in page, page


def output_of(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def packages_of(name):
    """The packages of one list of deploy/packages, with their number of mentions."""
    with open(os.path.join(ROOT, 'deploy', 'packages', name + '.txt'), encoding='utf-8') as lines:
        return [word for line in lines for word in line.partition('#')[0].split()]
