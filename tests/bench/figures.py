"""What was measured: figures by row and server, their medians and spreads, and how they compare."""
import collections
import statistics

FLUXGATE, LIMIT = 'fluxgate', 'limit'
SPREAD_MAX = 0.10

# How a figure is written, and whether more of it is better.
Unit = collections.namedtuple('Unit', 'form scale more_is_better', defaults=(False,))
SAMPLES_RATE = Unit('{:.2f} M samples/s', 1e-6, True)
REQUESTS_RATE = Unit('{:.1f} k requests/s', 1e-3, True)
LINES_RATE = Unit('{:.1f} k lines/s', 1e-3, True)
MICROSECONDS = Unit('{:.4f} us', 1)
CPU_REQUEST = Unit('{:.2f} us', 1)
SECONDS = Unit('{:.3f} s', 1)
MILLISECONDS = Unit('{:.2f} ms', 1)
MEMORY = Unit('{:.3f} GB', 1e-9)
SIZE = Unit('{:.1f} MB', 1e-6)
PERCENT = Unit('{:.3f} %', 100)
SHARE_BACK = Unit('{:.0f} %', 100, True)
TIMES = Unit('{:.2f} times', 1)
INSTRUCTIONS = Unit('{:.0f} instructions', 1)

# One thing that a load measures. `target`: what design and issues ask of fluxgate. `estimated`: worked out from less
# work. `at`: the number of series, for a figure that is a point of a curve.
Figure = collections.namedtuple('Figure', 'name unit value target estimated at', defaults=(None, False, None))


def write(unit, value):
    return unit.form.format(value * unit.scale)


def spread(values):
    """The distance between the quartiles, as a share of the median; None of fewer than two."""
    median = statistics.median(values) if values else 0
    if len(values) < 2 or median == 0:
        return None
    low, _, high = statistics.quantiles(values, n=4, method='inclusive')
    return (high - low) / abs(median)


class Row:
    """One figure of one load, as each server had it."""

    def __init__(self, load, figure):
        self.load, self.name, self.unit = load, figure.name, figure.unit
        self.target, self.at = figure.target, figure.at
        self.values, self.estimated = collections.defaultdict(list), set()

    @property
    def title(self):
        return self.name if self.at is None else f'{self.name}, {self.at:,} series'

    def add(self, server, figure):
        self.values[server].append(figure.value)
        if figure.estimated:
            self.estimated.add(server)

    def median(self, server):
        return statistics.median(self.values[server]) if self.values[server] else None

    def spread(self, server=FLUXGATE):
        return spread(self.values[server])

    def is_unsteady(self):
        return (self.spread() or 0) > SPREAD_MAX

    def times(self, server, base):
        """How many times as much as `base` a server needs; of a rate, how many times as slow it is."""
        figure, other = self.median(server), self.median(base)
        if not figure or not other:
            return None
        return other / figure if self.unit.more_is_better else figure / other

    def is_met(self):
        """Whether fluxgate reaches the target; None when there is none, or no figure."""
        figure = self.median(FLUXGATE)
        if self.target is None or figure is None:
            return None
        return figure >= self.target if self.unit.more_is_better else figure <= self.target


class Results:
    """All rows, in the order in which they came, and what else is to be told of each load."""

    def __init__(self):
        self.rows = {}  # by load, figure's name and number of series
        self.checks = collections.defaultdict(dict)  # load -> server -> what its last scrape showed
        self.failures = collections.defaultdict(dict)  # load -> server -> why

    def add(self, load, server, figure):
        self.rows.setdefault((load, figure.name, figure.at), Row(load, figure)).add(server, figure)

    def of_load(self, load):
        """The rows of a load; those of one curve together, where its first point came."""
        rows = [row for row in self.rows.values() if row.load == load]
        first = {}
        for index, row in enumerate(rows):
            first.setdefault(row.name, index)
        return sorted(rows, key=lambda row: first[row.name])

    def is_unsteady(self, load):
        return any(row.is_unsteady() for row in self.of_load(load))

    def servers_of(self, load):
        names = (name for row in self.of_load(load) for name, values in row.values.items() if values)
        return list(dict.fromkeys([*names, *self.failures[load]]))
