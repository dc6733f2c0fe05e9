"""The loads that all servers get: writes, datagrams, the creation of series, and scrapes."""
import collections

from figures import (CPU_REQUEST, LIMIT, LINES_RATE, MEMORY, MICROSECONDS, MILLISECONDS, PERCENT, REQUESTS_RATE,
                     SAMPLES_RATE, SECONDS, SIZE, TIMES, Figure)
from generator import PEER_SHARE

# `run(generator, server)` yields figures. `about`: what is sent. `page`: flags with which the do-nothing server has the
# page that it serves. `takes(server)`: whether a server is given it. `flags`: more of fluxgate's. `once`: not repeated.
Load = collections.namedtuple('Load', 'name about run page takes flags once',
                              defaults=((), lambda server: True, (), False))

LINES = 1000
FIELDS = 10


def memory(server, figures, target=None):
    """The resident memory, which of the do-nothing server is its page."""
    if server.name != LIMIT:
        yield Figure('resident', MEMORY, figures['resident'], target)


def batches(generator, server, tag_sets, cpu_target, rate_target=None, **flags):
    figures = generator.write(server, tag_sets=tag_sets, lines=min(LINES, tag_sets), connections=2, **flags)
    steady = figures['steady']
    yield Figure('CPU a sample', MICROSECONDS, steady['cpu_us_per_sample'], cpu_target)
    yield Figure('rate', SAMPLES_RATE, steady['samples_per_s'], rate_target)
    yield Figure('p99 of a request', MILLISECONDS, steady['p99_ms'])
    yield from memory(server, figures)


def one_line(generator, server, connections, rate_target):
    figures = generator.write(server, tag_sets=generator.scale.few_tag_sets, lines=1, connections=connections)
    steady = figures['steady']
    yield Figure('rate', REQUESTS_RATE, steady['requests_per_s'], rate_target)
    yield Figure('CPU a request', CPU_REQUEST, steady['cpu_us_per_sample'] * FIELDS)
    yield Figure('p99 of a request', MILLISECONDS, steady['p99_ms'])


def creation(generator, server):
    share = PEER_SHARE if server.is_peer else 1
    tag_sets = generator.scale.creation // share
    figures = generator.write(server, tag_sets=tag_sets, lines=min(LINES, tag_sets // 2), connections=2, rounds=1,
                              requests=0)
    yield Figure('wall', SECONDS, figures['first_round']['wall_s'] * share, 1.0, share > 1)
    yield Figure('CPU', SECONDS, figures['first_round']['cpu_s'] * share, None, share > 1)


def datagrams(generator, server):
    counter = {'counter': 'fluxgate_points_total', 'counter_label': 'protocol="udp"'}
    if server.name == LIMIT:
        counter = {'counter': 'null_server_lines_total'}
    figures = generator.write(server, 'udp', tag_sets=generator.scale.few_tag_sets, lines=10,
                              rate=generator.scale.udp_rate, **counter)
    yield Figure('lines received', LINES_RATE, figures['lines_per_s'])
    yield Figure('lost', PERCENT, figures['lost_share'], 0.0001)
    yield Figure('CPU a sample', MICROSECONDS, figures['cpu_us_per_sample'])


def whole_page(generator, server, kind, plain_target, gzip_target):
    """The page of all series in each form, and the memory that takes."""
    share = PEER_SHARE if server.is_peer else 1
    estimated = share > 1
    tag_sets = generator.scale.creation // share
    filled = generator.write(server, kind=kind, tag_sets=tag_sets, lines=min(LINES, tag_sets // 2), rounds=1,
                             requests=0)
    if server.name != LIMIT:
        yield Figure('resident', MEMORY, filled['resident'] * share, 0.15e9, estimated)
    forms = [('plain', {}, plain_target), ('gzip', {'gzip': True}, gzip_target)]
    if server.name != LIMIT:
        forms.append(('OpenMetrics', {'openmetrics': True}, None))
    walls = {}
    for form, flags, target in forms:
        figures = generator.scrape(server, count=generator.scale.scrapes, seconds=60, **flags)
        walls[form] = figures['wall_s']
        yield Figure(f'{form}: wall', SECONDS, figures['wall_s'] * share, target, estimated)
        yield Figure(f'{form}: CPU', SECONDS, figures['cpu_s'] * share, None, estimated)
        yield Figure(f'{form}: first byte', MILLISECONDS, figures['first_byte_s'] * 1e3, 20)
        yield Figure(f'{form}: size', SIZE, figures['size'] * share, None, estimated)
    if server.name != LIMIT:
        yield Figure('OpenMetrics against plain', TIMES, walls['OpenMetrics'] / walls['plain'], 1.3)
        yield Figure('resident after scrapes', MEMORY, figures['resident'] * share, 0.15e9, estimated)
        yield Figure('resident, peak', MEMORY, figures['resident_peak'] * share, 0.15e9, estimated)


def small_page(generator, server):
    tag_sets = generator.scale.few_tag_sets
    generator.write(server, tag_sets=tag_sets, lines=min(LINES, tag_sets // 2), rounds=1, requests=0)
    figures = generator.scrape(server, gzip=True, count=1_000_000)
    yield Figure('wall', MILLISECONDS, figures['wall_s'] * 1e3, 8)
    yield Figure('p99', MILLISECONDS, figures['wall_p99_s'] * 1e3)
    yield Figure('CPU', MILLISECONDS, figures['cpu_s'] * 1e3)


def sends(what, tag_sets, lines, connections=2):
    requests = f'requests of {lines:,} lines' if lines > 1 else 'requests of one line'
    return f'{what} of {tag_sets:,} tag sets, {requests}, {connections} connections, as fast as they are answered'


TSBS = 'TSBS cpu-only lines (10 tags, 10 integers)'
TELEGRAF = 'lines as of Telegraf\'s cpu, disk, procstat, system and net (floats, integers, booleans, strings, escapes)'


def loads(scale):
    few = scale.few_tag_sets
    for tag_sets, target in zip(scale.tag_sets, (0.06, 0.06, 0.08)):
        rate = 20e6 if target < 0.08 else None
        yield Load(f'ingest, {tag_sets:,} tag sets', sends(TSBS, tag_sets, min(LINES, tag_sets)),
                   lambda g, s, n=tag_sets, t=target, r=rate: batches(g, s, n, t, r))
    yield Load('ingest, gzip bodies', sends(TSBS, few, min(LINES, few)) + ', bodies compressed',
               lambda g, s: batches(g, s, few, 0.1, gzip=True))
    yield Load('ingest, Telegraf-like lines', sends(TELEGRAF, few, min(LINES, few)),
               lambda g, s: batches(g, s, few, 0.12, kind='telegraf'))
    for connections, target in (2, 30e3), (32, 45e3):
        yield Load(f'one-line requests, {connections} connections', sends(TSBS, few, 1, connections),
                   lambda g, s, n=connections, t=target: one_line(g, s, n, t))
    yield Load(f'creation of {scale.creation:,} tag sets',
               f'{TSBS}, each tag set once, requests of {LINES:,} lines, 2 connections', creation)
    yield Load('UDP', f'{TSBS} of {few:,} tag sets, datagrams of 10 lines, {scale.udp_rate:,} lines/s sent', datagrams,
               takes=lambda s: s.datagrams)
    series = scale.creation * FIELDS
    for kind, name, flags, plain, gzip in (('tsbs', '', [], 0.3, 0.4),
                                           ('tsbs-doubles', ', random doubles', ['--doubles'], 0.45, 0.6)):
        yield Load(f'scrape of {series:,} series{name}',
                   f'the page of {scale.creation:,} TSBS tag sets x 10{name}, {scale.scrapes} scrapes of each form',
                   lambda g, s, k=kind, p=plain, z=gzip: whole_page(g, s, k, p, z),
                   [f'--tag-sets={scale.creation}', *flags], lambda s: s.scrapes)
    yield Load(f'scrape of {few * FIELDS:,} series', f'the page of {few:,} TSBS tag sets x 10, gzip, one after the other',
               small_page, [f'--tag-sets={few}'], lambda s: s.scrapes)
