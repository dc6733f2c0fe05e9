"""A real Prometheus with a folder and a port of its own, and its HTTP API."""
import json
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

from wait import eventually

READY_SECONDS = 60
STOP_SECONDS = 30


class Prometheus:
    def __init__(self, configuration):
        self.folder = tempfile.mkdtemp(prefix='prometheus')
        path = f'{self.folder}/prometheus.yml'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(configuration)
        checked = subprocess.run(['promtool', 'check', 'config', path], check=False, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert checked.returncode == 0, checked.stdout
        self.process = subprocess.Popen(
            ['prometheus', f'--config.file={path}', f'--storage.tsdb.path={self.folder}/storage',
             '--web.listen-address=127.0.0.1:0', '--log.level=info'],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log = []
        self.url = None
        listening = threading.Event()
        self.reader = threading.Thread(target=self._read_log, args=(listening,), daemon=True)
        self.reader.start()
        if not listening.wait(READY_SECONDS) or self.url is None:
            self.close()
            raise AssertionError('Prometheus does not start:\n' + ''.join(self.log[-20:]))
        eventually(self._is_ready, 'Prometheus is not ready')

    def _read_log(self, listening):
        for line in self.process.stderr:
            self.log.append(line)
            found = re.search(r'msg="Listening on" address=(127\.0\.0\.1:[0-9]+)', line)
            if found:
                self.url = f'http://{found[1]}'
                listening.set()
        listening.set()

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f'{self.url}/-/ready', timeout=30) as reply:
                return reply.status == 200
        except urllib.error.HTTPError:
            return False

    def _get(self, path, **parameters):
        url = f'{self.url}{path}?{urllib.parse.urlencode(parameters)}'
        with urllib.request.urlopen(url, timeout=30) as reply:
            return json.load(reply)['data']

    def query(self, promql):
        """[(labels without the name, value)] of an instant query."""
        vector = self._get('/api/v1/query', query=promql)['result']
        return [({k: v for k, v in s['metric'].items() if k != '__name__'}, float(s['value'][1])) for s in vector]

    def targets(self):
        return self._get('/api/v1/targets', state='active')['activeTargets']

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
