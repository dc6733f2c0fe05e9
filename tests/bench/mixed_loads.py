"""Loads of which the limit or the peers have no part: writes during scrapes, idleness, expiry, growth."""
import os
import time

import instructions
from figures import (FLUXGATE, INSTRUCTIONS, LIMIT, MEMORY, MICROSECONDS, MILLISECONDS, PERCENT, SAMPLES_RATE, SECONDS,
                     SHARE_BACK, SIZE, TIMES, Figure)
from generator import cpu_seconds, resident
from loads import FIELDS, LINES, TSBS, Load
from servers import LoadFailed

GROWTH = 'growth with the number of series'
CPU_SAMPLE, CPU_SERIES = 'CPU a sample', 'CPU a series of a scrape'
INSTRUCTIONS_SAMPLE, INSTRUCTIONS_SERIES = 'instructions a sample', 'instructions a series of a scrape'
GROWTH_TARGETS = {CPU_SAMPLE: 3, CPU_SERIES: 3, INSTRUCTIONS_SAMPLE: 1.2, INSTRUCTIONS_SERIES: 1.2}

MANY_CONNECTIONS = 50
SWEEP_SECONDS = 10  # in which fluxgate goes once round its cache
WAIT_SECONDS = 0.25


def writes_while_scraping(generator, server):
    """An open loop: each request has its time, from which its latency counts, whatever became of those before."""
    scale = generator.scale
    lines = min(LINES, scale.creation // 2)
    generator.write(server, tag_sets=scale.creation, rounds=1, requests=0, lines=lines)
    scraping = generator.start(server, 'scrape', gzip=True, count=1_000_000, seconds=1.5 * scale.seconds + 0.5)
    try:
        figures = generator.write(server, tag_sets=scale.creation, lines=lines, rounds=2, rate=scale.write_rate)
    finally:
        scraped = generator.finish(scraping)
    yield Figure('rate achieved', SAMPLES_RATE, figures['steady']['samples_per_s'], scale.write_rate * FIELDS * 0.99)
    yield Figure('p50 of a request', MILLISECONDS, figures['steady']['p50_ms'])
    yield Figure('p99 of a request', MILLISECONDS, figures['steady']['p99_ms'], 10)
    yield Figure('scrape meanwhile, wall', SECONDS, scraped['wall_s'])


def scrapes_while_writing(generator, server, lines):
    scale = generator.scale
    flags = {'tag_sets': scale.few_tag_sets, 'connections': MANY_CONNECTIONS, 'lines': lines,
             'rounds': MANY_CONNECTIONS}
    generator.write(server, **{**flags, 'requests': 0})
    writing = generator.start(server, 'write', **{**flags, 'seconds': 2 * scale.seconds})
    try:
        time.sleep(scale.seconds / 2)  # until it has made its requests and sends them
        scraped = generator.scrape(server, gzip=True, count=1_000_000)
    finally:
        written = generator.finish(writing)
    yield Figure('scrape, p50', MILLISECONDS, scraped['wall_s'] * 1e3)
    yield Figure('scrape, p99', MILLISECONDS, scraped['wall_p99_s'] * 1e3, 50)
    yield Figure('rate of the writes', SAMPLES_RATE, written['steady']['samples_per_s'])


def start(_, server):
    yield Figure('start to first answer', MILLISECONDS, server.start_seconds * 1e3, 50)


def idle(generator, server):
    pid, seconds = server.process.pid, generator.scale.idle_seconds
    before = cpu_seconds(pid)
    time.sleep(seconds)
    yield Figure('CPU, share of a core', PERCENT, (cpu_seconds(pid) - before) / seconds, 0.001)
    yield Figure('resident', SIZE, resident(pid), 15e6)


def await_expiry(server, seconds):
    """Waits until no series is shown."""
    deadline = time.monotonic() + seconds
    while b'\ncpu_' in server.get('/metrics'):
        if time.monotonic() > deadline:
            raise LoadFailed(f'series are shown {seconds} s after they should have expired')
        time.sleep(WAIT_SECONDS)


def expiry(generator, server):
    """What is given back within a minute of the expiry of the last series."""
    scale, pid = generator.scale, server.process.pid
    before = resident(pid)
    generator.write(server, tag_sets=scale.creation, rounds=1, requests=0, lines=min(LINES, scale.creation // 2))
    filled_at, filled = time.monotonic(), resident(pid)
    await_expiry(server, scale.expiry_seconds + SWEEP_SECONDS)
    expired_at = time.monotonic()
    left = resident(pid)
    while time.monotonic() < expired_at + scale.give_back_seconds and left - before > 0.1 * (filled - before):
        time.sleep(WAIT_SECONDS)
        left = resident(pid)
    server.checked += f'; none left {expired_at - filled_at:.0f} s later'
    yield Figure('resident, full', MEMORY, filled)
    yield Figure('resident, expired', MEMORY, left)
    yield Figure('given back of what it grew by', SHARE_BACK, (filled - left) / (filled - before), 0.8)


def of_size(generator, server, tag_sets):
    """CPU a sample of a steady load on that many tag sets, and CPU a series of a scrape."""
    series = tag_sets * FIELDS
    figures = generator.write(server, tag_sets=tag_sets, rounds=1, lines=min(LINES, tag_sets // 2))
    scraped = generator.scrape(server, count=1_000_000)
    yield Figure(CPU_SAMPLE, MICROSECONDS, figures['steady']['cpu_us_per_sample'], at=series)
    yield Figure(CPU_SERIES, MICROSECONDS, scraped['cpu_s'] / series * 1e6, at=series)
    yield from instructions_of(generator, tag_sets)
    if tag_sets == generator.scale.growth[-1]:
        scraped = generator.scrape(server, gzip=True, count=generator.scale.scrapes)
        yield Figure(f'creation of {series:,} series, wall', SECONDS, figures['first_round']['wall_s'])
        yield Figure(f'resident at {series:,} series', MEMORY, figures['resident'], 1.3e9)
        yield Figure('resident, peak', MEMORY, scraped['resident_peak'])
        yield Figure(f'scrape of {series:,} series, gzip, wall', SECONDS, scraped['wall_s'], 4)


def instructions_of(generator, tag_sets):
    program = os.path.join(generator.programs, 'fixed_work')
    for subject, name in ('write', INSTRUCTIONS_SAMPLE), ('text', INSTRUCTIONS_SERIES):
        try:
            counted = instructions.count(program, subject, tag_sets)
        except instructions.CountFailed as failure:
            raise LoadFailed(str(failure)) from None
        yield Figure(name, INSTRUCTIONS, counted.each, at=tag_sets * FIELDS)


def growths(results):
    """How many times as much each curve's dearest point costs as its first."""
    for name, target in GROWTH_TARGETS.items():
        values = [median for row in results.of_load(GROWTH) if row.name == name and (median := row.median(FLUXGATE))]
        if values:
            yield Figure(f'{name}: growth', TIMES, max(values) / values[0], target)


def only_fluxgate(server):
    return server.name == FLUXGATE


def loads(scale):
    series = scale.creation * FIELDS
    page = [f'--tag-sets={scale.creation}']
    few = scale.few_tag_sets
    yield Load(f'writes while {series:,} series are scraped',
               f'{TSBS}, {scale.write_rate * FIELDS / 1e6:g} M samples/s at fixed times in requests of {LINES:,} lines, 2 '
               'connections, while one gzip scrape follows the other; an error fails it',
               writes_while_scraping, page, takes=lambda s: not s.is_peer)
    for lines in few // 10, few:
        yield Load(f'scrapes of {few * FIELDS:,} series while {MANY_CONNECTIONS} connections write {lines:,} lines each',
                   f'one gzip scrape after the other, while {TSBS} come in requests of {lines:,} lines as fast as they '
                   'are answered', lambda g, s, n=lines: scrapes_while_writing(g, s, n), [f'--tag-sets={few}'],
                   takes=lambda s: not s.is_peer)
    yield Load('start', 'from the start of the process to its first answer on /ping', start)
    yield Load('idle', f'no load for {scale.idle_seconds} s', idle, takes=lambda s: s.name != LIMIT, once=True)
    yield Load('expiry', f'{scale.creation:,} TSBS tag sets x 10, once, and {scale.expiry_seconds} s of expiry; resident '
               'memory from then on, a minute at most', expiry, takes=only_fluxgate, once=True,
               flags=[f'--influxdb.sample-expiry={scale.expiry_seconds}s'])
    for tag_sets in scale.growth:
        yield Load(GROWTH, f'{TSBS}, 2 connections, and plain scrapes; instructions counted of the same work without '
                   'sockets, under valgrind', lambda g, s, n=tag_sets: of_size(g, s, n), takes=only_fluxgate, once=True)
