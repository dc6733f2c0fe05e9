"""Debian's influxd with a folder and ports of its own, which reports to nobody."""
import re
import shutil
import subprocess
import tempfile
import threading

START_SECONDS = 60
STOP_SECONDS = 30

CONFIGURATION = '''
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
[monitor]
store-enabled = false
[subscriber]
enabled = false
[continuous_queries]
enabled = false
[http]
bind-address = "127.0.0.1:0"
log-enabled = false
max-body-size = {body_size_max}
[logging]
format = "logfmt"
'''


class InfluxDb:
    """Leaving the context ends it and removes what it stored."""

    def __init__(self, body_size_max):
        self.folder = tempfile.mkdtemp(prefix='influxdb')
        path = f'{self.folder}/influxdb.conf'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(CONFIGURATION.format(folder=self.folder, body_size_max=body_size_max))
        # HOME: it wants one although all its folders are named.
        self.process = subprocess.Popen(['influxd', 'run', '-config', path], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        env={'HOME': self.folder, 'PATH': '/usr/bin:/bin'})
        self.log = []
        self.port = None
        started = threading.Event()
        self.reader = threading.Thread(target=self._read_log, args=(started,), daemon=True)
        self.reader.start()
        if not started.wait(START_SECONDS) or self.port is None:
            self.close()
            raise AssertionError('influxd does not start:\n' + ''.join(self.log[-20:]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read_log(self, started):
        for line in self.process.stderr:
            self.log.append(line)
            if found := re.search(r'msg="Listening on HTTP".* addr=127\.0\.0\.1:(\d+)', line):
                self.port = int(found[1])
                started.set()
        started.set()

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(STOP_SECONDS)
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)
