"""Starts and stops a fluxgate of its own for a test, on free ports of 127.0.0.1.

FLUXGATE_BINARY names the executable. The ports are read from the line that fluxgate logs when it has started.
"""
import collections
import http.client
import mmap
import os
import re
import signal
import socket
import subprocess
import threading

BINARY = os.environ['FLUXGATE_BINARY']
PATIENCE_SECONDS = 60

Reply = collections.namedtuple('Reply', 'status headers body')


def _is_sanitized():
    with open(BINARY, 'rb') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as image:
        return image.find(b'__asan_init') >= 0 or image.find(b'__tsan_init') >= 0


SANITIZED = _is_sanitized()


def memory_of(pid, field='VmRSS'):
    """Resident memory of a process in bytes; VmHWM is the most it has had."""
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return int(re.search(rf'^{field}:\s+(\d+) kB', file.read(), re.MULTILINE)[1]) * 1024


def _flag_of(variable):
    return '--' + variable.removeprefix('FLUXGATE_').lower().replace('_', '.', 1).replace('_', '-')


def _ports(line, key):
    """The ports of the addresses that the line gives for a key; unix sockets have none."""
    found = re.search(rf'\b{key}"?[=:]"?([^ "]*)', line)
    return [int(port) for port in re.findall(r':(\d+)(?:,|$)', found[1])] if found else []


class Fluxgate:
    """A running fluxgate; leaving the context stops it, and fails when it does not stop as it should."""

    def __init__(self, *flags, environment=None):
        defaults = {'--web.listen-address': '127.0.0.1:0', '--udp.bind-address': '127.0.0.1:0'}
        given = {flag.partition('=')[0] for flag in flags} | {_flag_of(name) for name in environment or {}}
        self.process = subprocess.Popen(
            [BINARY, *(f'{name}={value}' for name, value in defaults.items() if name not in given), *flags],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        self.log = []
        self.ports = []
        self.udp_port = None
        self.udp_ports = []
        self.line_ports = []
        self._started = threading.Event()
        self._reader = threading.Thread(target=self._read_log)
        self._reader.start()
        if not self._started.wait(PATIENCE_SECONDS) or not self.ports:
            self.process.kill()
            self._reader.join()
            raise AssertionError('fluxgate did not start: ' + ''.join(self.log))
        self.port = self.ports[0]

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            code = self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self._reader.join()
            raise
        if kind is None:
            assert code == 0, f'exit code {code}\n' + ''.join(self.log)

    def stop(self, signal_number=signal.SIGTERM):
        """Ends fluxgate, if it has not ended, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        return self.wait()

    def wait(self):
        """The exit code of a fluxgate that has been told to end."""
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        self.process.stderr.close()
        return code

    def request(self, method, path, body=None, headers=None):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def write(self, body, path='/write?db=test', headers=None):
        return self.request('POST', path, body, headers)

    def scrape(self, path='/metrics'):
        return self.request('GET', path)

    def send_udp(self, datagram, listener=0):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(datagram, ('127.0.0.1', self.udp_ports[listener]))

    def memory(self, field='VmRSS'):
        return memory_of(self.process.pid, field)

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)
            if 'msg=started' in line or '"msg":"started"' in line:
                self.ports = _ports(line, 'http')
                self.udp_ports = _ports(line, 'udp')
                self.udp_port = self.udp_ports[0] if self.udp_ports else None
                self.line_ports = _ports(line, 'lines')
                self._started.set()
        self._started.set()
