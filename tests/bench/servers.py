"""The servers under load: fluxgate, one that does nothing, and the peers that this machine has."""
import json
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from figures import FLUXGATE, LIMIT

START_SECONDS = 20
STARTS_MAX = 3
COUNT_SECONDS = 15


class LoadFailed(Exception):
    pass


def free_port():
    """A port that nobody has, for TCP and UDP; the next moment somebody may."""
    while True:
        with socket.socket() as probe, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            probe.bind(('127.0.0.1', 0))
            try:
                datagrams.bind(probe.getsockname())
            except OSError:
                continue
            return probe.getsockname()[1]


class Server:
    """A server under load, from its start to its end.

    {port} and {folder} in its command and environment stand for its port and a folder of its own. What it cannot do is
    left out: `scrapes`, `datagrams`. `is_checked`: it shows series as fluxgate does, so what it shows is compared.
    """
    scrapes = datagrams = True
    is_peer = is_checked = False
    environment = {}
    package = None  # Debian's, when its program does not tell its version

    def __init__(self, name, command):
        self.name, self.command = name, command
        self.process = self.address = self.folder = None
        self.flags = []  # more of its command, for one load
        self.start_seconds = None  # from its start to its first good answer
        self.checked = ''  # what was found at the end of the last load

    def __enter__(self):
        for start in range(STARTS_MAX):
            self.start()
            if self.process.poll() is None:
                break
            self.__exit__()  # the port may have been taken meanwhile
            if start == STARTS_MAX - 1:
                raise LoadFailed(f'{self.name} does not start')
        self.prepare()
        return self

    def start(self):
        """Starts it and waits until it answers or has ended."""
        port = free_port()
        self.address, self.checked = f'127.0.0.1:{port}', ''
        self.folder = tempfile.TemporaryDirectory(prefix='bench-')

        def filled(word):
            return word.replace('{port}', str(port)).replace('{folder}', self.folder.name)
        environment = {**os.environ, **{name: filled(value) for name, value in self.environment.items()}}
        start = time.monotonic()
        self.process = subprocess.Popen([filled(word) for word in [*self.command, *self.flags]], env=environment,
                                        stdout=subprocess.DEVNULL, stderr=self.errors())
        while not self.answers():
            if self.process.poll() is not None:
                return
            if time.monotonic() - start > START_SECONDS:
                self.__exit__()
                raise LoadFailed(f'{self.name} does not start')
            time.sleep(0.0005)
        self.start_seconds = time.monotonic() - start

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()

    def errors(self):
        return None

    def get(self, path, method='GET'):
        request = urllib.request.Request(f'http://{self.address}{path}', method=method)
        with urllib.request.urlopen(request, timeout=START_SECONDS) as reply:
            return reply.read()

    def answers(self):
        try:
            self.get('/ping')
            return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def prepare(self):
        """What must be done before the first write."""

    def count(self, tag_sets, series):
        """Checks that all is there, of a server that is not compared whole; what was found, in words."""
        return 'not checked'


class DoesNothing(Server):
    def __init__(self, programs):
        super().__init__(LIMIT, [os.path.join(programs, 'null_server'), '--listen=127.0.0.1:{port}'])


class Fluxgate(Server):
    is_checked = True

    def __init__(self, program):
        super().__init__(FLUXGATE, [program, '--web.listen-address=127.0.0.1:{port}',
                                    '--udp.bind-address=127.0.0.1:{port}', '--log.level=warn'])


class Peer(Server):
    is_peer = True

    def errors(self):
        return subprocess.DEVNULL


class InfluxdbExporter(Peer):
    is_checked, datagrams = True, False  # of datagrams it counts only the bad ones

    def __init__(self, program):
        super().__init__('influxdb_exporter', [program, '--web.listen-address=127.0.0.1:{port}',
                                               '--udp.bind-address=127.0.0.1:{port}', '--influxdb.sample-expiry=1h'])


def await_count(read, expected, what):
    """Reads a number until it is at least what is expected; peers show what they took a moment later."""
    deadline = time.monotonic() + COUNT_SECONDS
    found = read()
    while found < expected and time.monotonic() < deadline:
        time.sleep(0.2)
        found = read()
    if found < expected:
        raise LoadFailed(f'{found:,} of {expected:,} {what} are there')
    return f'{found:,} {what} found, {expected:,} sent'


class VictoriaMetrics(Peer):
    scrapes = datagrams = False
    package = 'victoria-metrics'

    def __init__(self, program):
        super().__init__('VictoriaMetrics', [program, '-httpListenAddr=127.0.0.1:{port}', '-retentionPeriod=1',
                                             '-storageDataPath={folder}', '-loggerLevel=ERROR',
                                             '-search.maxUniqueTimeseries=100000000', '-search.latencyOffset=0s'])

    def count(self, tag_sets, series):
        self.get('/internal/force_flush')
        return await_count(self.series_count, series, 'series')  # strings are series there, too

    def series_count(self):
        found = json.loads(self.get('/api/v1/query?nocache=1&query=' + urllib.parse.quote('count({__name__!=""})')))
        return sum(int(one['value'][1]) for one in found['data']['result'])


class InfluxDB(Peer):
    scrapes = datagrams = False
    package = 'influxdb'
    environment = {
        'INFLUXDB_HTTP_BIND_ADDRESS': '127.0.0.1:{port}', 'INFLUXDB_BIND_ADDRESS': '127.0.0.1:0',
        'INFLUXDB_META_DIR': '{folder}/meta', 'INFLUXDB_DATA_DIR': '{folder}/data',
        'INFLUXDB_DATA_WAL_DIR': '{folder}/wal', 'INFLUXDB_REPORTING_DISABLED': 'true',
        'INFLUXDB_HTTP_LOG_ENABLED': 'false', 'INFLUXDB_MONITOR_STORE_ENABLED': 'false',
        'INFLUXDB_DATA_MAX_SERIES_PER_DATABASE': '0', 'INFLUXDB_DATA_MAX_VALUES_PER_TAG': '0'}

    def __init__(self, program):
        super().__init__('InfluxDB', [program, '-config', '/dev/null'])

    def query(self, text):
        words = urllib.parse.urlencode({'db': 'bench', 'q': text})
        return json.loads(self.get(f'/query?{words}', 'POST'))['results'][0].get('series', [])

    def prepare(self):
        self.query('CREATE DATABASE bench')

    def count(self, tag_sets, series):
        return await_count(lambda: sum(s['values'][0][0] for s in self.query('SHOW SERIES EXACT CARDINALITY')),
                           tag_sets, 'tag sets')


class Other(Peer):
    """A peer of the caller's choice, of which nothing is known."""

    def __init__(self, name, command):
        super().__init__(name, shlex.split(command))

    def answers(self):
        with socket.socket() as probe:
            host, _, port = self.address.partition(':')
            return probe.connect_ex((host, int(port))) == 0


def installed_peers():
    for program, peer in (('victoria-metrics', VictoriaMetrics), ('influxd', InfluxDB)):
        path = shutil.which(program)
        if path:
            yield peer(path)


def version_of(server):
    """What the program calls itself, or what its Debian package does."""
    command = [server.command[0], '--version']
    if server.package:
        command = ['dpkg-query', '-W', '-f', f'{server.name} ${{Version}}', server.package]
    try:
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=START_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return server.name
    return ran.stdout.strip().splitlines()[0] if ran.returncode == 0 and ran.stdout.strip() else server.name
