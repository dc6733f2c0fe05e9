"""Runs the load generator against a server, and what a process has used."""
import collections
import json
import os
import re
import subprocess

import servers

LOAD_SECONDS_MAX = 300
TICKS_PER_SECOND = os.sysconf('SC_CLK_TCK')

# What is measured at. `repeat`: times that each row is measured. Rates are lines a second. `growth`: tag sets.
Scale = collections.namedtuple(
    'Scale', 'seconds repeat tag_sets few_tag_sets creation scrapes write_rate udp_rate idle_seconds expiry_seconds '
             'give_back_seconds growth')
FULL = Scale(2, 3, (1000, 10_000, 100_000), 1000, 100_000, 5, 500_000, 500_000, 30, 15, 60,
             (1000, 10_000, 100_000, 1_000_000))
QUICK = Scale(0.2, 1, (100, 200, 500), 100, 500, 2, 20_000, 5000, 0.2, 1, 0.5, (20, 200))
PEER_SHARE = 10  # a peer does a tenth of the work where the work is what is timed, for half as long elsewhere


def cpu_seconds(pid):
    with open(f'/proc/{pid}/stat', encoding='utf-8') as stat:
        fields = stat.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def resident(pid):
    with open(f'/proc/{pid}/status', encoding='utf-8') as status:
        return int(re.search(r'^VmRSS:\s+(\d+) kB', status.read(), re.MULTILINE)[1]) * 1024


class Generator:
    """`scale` says how much; `programs` is where the programs are."""

    def __init__(self, programs, scale):
        self.programs, self.scale = programs, scale

    def start(self, server, verb, **flags):
        words = [os.path.join(self.programs, 'load_generator'), verb, f'--server={server.address}',
                 f'--server-pid={server.process.pid}']
        flags = {'seconds': self.scale.seconds / (2 if server.is_peer else 1), **flags}
        for name, value in flags.items():
            words += [f'--{name.replace("_", "-")}' + ('' if value is True else f'={value}')]
        words += ['--check'] if server.is_checked and verb != 'scrape' else []
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, load):
        try:
            figures, complaint = load.communicate(timeout=LOAD_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            load.kill()
            load.communicate()
            raise servers.LoadFailed('the load did not end') from None
        if load.returncode != 0:
            raise servers.LoadFailed(complaint.strip())
        return json.loads(figures)

    def scrape(self, server, **flags):
        return self.finish(self.start(server, 'scrape', **flags))

    def write(self, server, verb='write', **flags):
        """A load of lines, and the check of what it left behind."""
        figures = self.finish(self.start(server, verb, **flags))
        if server.is_checked:
            server.checked = f'{figures["checked"]:,} series compared, plain and gzip'
        elif server.is_peer:
            server.checked = server.count(flags['tag_sets'], figures['series'])
        return figures
