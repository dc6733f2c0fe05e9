"""Debian's influxd with a folder and ports of its own, which reports to nobody."""
from daemon import Daemon

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


class InfluxDb(Daemon):
    name = 'influxd'
    LISTENING = r'msg="Listening on HTTP".* addr=127\.0\.0\.1:(\d+)'

    def __init__(self, body_size_max):
        self.body_size_max = body_size_max
        # HOME: it wants one although all its folders are named.
        super().__init__(HOME='/nonexistent', PATH='/usr/bin:/bin')
        self.port = int(self.address)

    def command(self):
        configuration = CONFIGURATION.format(folder=self.folder, body_size_max=self.body_size_max)
        return ['influxd', 'run', '-config', self.write('influxdb.conf', configuration)]
