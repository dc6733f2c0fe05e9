"""What a run has found, as text for the terminal and as Markdown with plots."""
import os
import re

import plots
from figures import FLUXGATE, LIMIT, SPREAD_MAX, write

MET = {True: 'yes', False: 'NO', None: ''}
UNSTEADY = '!'
HEADINGS = ['', FLUXGATE, 'spread', 'target', 'met', LIMIT, 'times the limit']


def times_text(times):
    return '' if times is None else f'{times:.2g}' if times < 10 else f'{times:,.0f}'


def value_text(row, server):
    median = row.median(server)
    if median is None:
        return ''
    return ('~' if server in row.estimated else '') + write(row.unit, median)


def spread_text(row):
    if row.spread() is None:
        return ''
    return f'{row.spread() * 100:.0f} %' + (f' {UNSTEADY}' if row.is_unsteady() else '')


def cells(row, peers):
    """One row of the table: fluxgate, its target, the limit, and each peer with how many times as much it needs."""
    line = [row.title, value_text(row, FLUXGATE), spread_text(row),
            '' if row.target is None else write(row.unit, row.target), MET[row.is_met()], value_text(row, LIMIT),
            times_text(row.times(FLUXGATE, LIMIT))]
    for peer in peers:
        times = times_text(row.times(peer, FLUXGATE))
        line.append(value_text(row, peer) + (f' (x {times})' if times else ''))
    return line


def peers_of(results):
    seen = dict.fromkeys(server for load in loads_of(results) for server in results.servers_of(load))
    return [server for server in seen if server not in (FLUXGATE, LIMIT)]


def loads_of(results):
    return list(dict.fromkeys([*(row.load for row in results.rows.values()), *results.failures]))


def failures_of(results, load):
    for server, why in results.failures[load].items():
        yield f'FAILED on {server}: {why}'


def terminal(results):
    """The table, aligned."""
    peers = peers_of(results)
    lines = [[*HEADINGS, *peers]]
    for load in loads_of(results):
        lines.append([load])
        lines += [['  ' + line for line in failures_of(results, load)]] if results.failures[load] else []
        lines += [['  ' + title, *rest] for title, *rest in (cells(row, peers) for row in results.of_load(load))]
    widths = [max(len(line[i]) for line in lines if len(line) > i and len(line) > 1) for i in range(len(lines[0]))]
    for line in lines:
        padded = [cell.ljust(width) if i == 0 else cell.rjust(width)
                  for i, (cell, width) in enumerate(zip(line, widths))]
        yield '  '.join(padded).rstrip()


def table(headings, lines):
    yield '| ' + ' | '.join(headings) + ' |'
    yield '|---' + '|---:' * (len(headings) - 1) + '|'
    for line in lines:
        yield '| ' + ' | '.join(line) + ' |'


def slug(load):
    """As Markdown makes the name of a heading."""
    return re.sub(r'[^a-z0-9]+', '-', load.lower().replace(',', '')).strip('-')


def colour(server):
    return {FLUXGATE: plots.OURS, LIMIT: plots.LIMIT}.get(server, plots.PEER)


def plot(results, load):
    """Bars of all servers, or curves where figures are points of one."""
    rows = results.of_load(load)
    lines = {}
    for row in rows:
        if row.at is not None and row.median(FLUXGATE):
            lines.setdefault(row.name, []).append((row.at, row.median(FLUXGATE)))
    if lines:
        return plots.curves(f'{load}: times the cost at {min(row.at for row in rows if row.at):,} series', lines)
    panels = []
    for row in rows:
        bars = [plots.Bar(server, row.median(server), value_text(row, server), colour(server))
                for server in [FLUXGATE, LIMIT, *peers_of(results)] if row.median(server) is not None]
        target = '' if row.target is None else write(row.unit, row.target)
        panels.append(plots.Panel(row.title, bars, row.target, target))
    return plots.bars(load, panels)


def checks_text(checks):
    """Servers of which the same was found are named together."""
    by_finding = {}
    for server, found in checks.items():
        by_finding.setdefault(found, []).append(server)
    return '; '.join(f'{", ".join(servers)}: {found}' for found, servers in by_finding.items())


def markdown(results, about, abouts, plots_folder):
    """`about`: paragraphs on the run. `abouts`: load -> what is sent."""
    peers = peers_of(results)
    yield from ('# Benchmarks', '')
    for paragraph in about:
        yield from (paragraph, '')
    summary = []
    for load in loads_of(results):
        summary.append([f'**[{load}](#{slug(load)})**'] + [''] * (len(HEADINGS) + len(peers) - 1))
        summary += [cells(row, peers) for row in results.of_load(load) if row.at is None]
    yield from table([*HEADINGS, *peers], summary)
    for load in loads_of(results):
        yield from ('', f'## {load}', '', f'Load: {abouts[load]}.', '')
        yield from (f'{line}.\n' for line in failures_of(results, load))
        if results.checks[load]:
            yield from (f'Checked at the end: {checks_text(results.checks[load])}.', '')
        points = [row for row in results.of_load(load) if row.at is not None]
        if points:
            yield from (*table([*HEADINGS, *peers], [cells(row, peers) for row in points]), '')
        if results.of_load(load):
            yield f'![{load}]({plots_folder}/{slug(load)}.svg)'


LEGEND = (f'"spread" is the distance between the quartiles of fluxgate\'s figures as a share of their median; {UNSTEADY} '
          f'marks one over {SPREAD_MAX:.0%}, for which the row was repeated. "limit" is a server that does nothing: it '
          'reads bodies and answers 204, or sends a page made beforehand. "x N" is how many times as much as fluxgate a '
          'peer needs (of a rate: how many times as slow it is). ~ marks what is worked out from a tenth of the work, '
          'because the peer is slow; peers are measured once, for half as long.')


def write_files(results, about, abouts, path):
    """The report at `path`, its plots in a folder of the same name beside it."""
    folder = os.path.splitext(path)[0]
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        if name.endswith('.svg'):
            os.remove(os.path.join(folder, name))
    for load in loads_of(results):
        if results.of_load(load):
            with open(os.path.join(folder, f'{slug(load)}.svg'), 'w', encoding='utf-8') as svg:
                svg.write(plot(results, load))
    with open(path, 'w', encoding='utf-8') as report:
        report.writelines(f'{line}\n' for line in markdown(results, about, abouts, os.path.basename(folder)))
