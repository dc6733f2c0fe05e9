"""A real Prometheus with a folder and a port of its own, and its HTTP API."""
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from daemon import Daemon
from wait import eventually


class Prometheus(Daemon):
    name = 'prometheus'
    LISTENING = r'msg="Listening on" address=(127\.0\.0\.1:[0-9]+)'

    def __init__(self, configuration):
        self.configuration = configuration
        super().__init__()
        self.url = f'http://{self.address}'
        eventually(self._is_ready, 'Prometheus is not ready')

    def command(self):
        path = self.write('prometheus.yml', self.configuration)
        checked = subprocess.run(['promtool', 'check', 'config', path], check=False, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert checked.returncode == 0, checked.stdout
        return ['prometheus', f'--config.file={path}', f'--storage.tsdb.path={self.folder}/storage',
                '--web.listen-address=127.0.0.1:0', '--log.level=info']

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
