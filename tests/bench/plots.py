"""Plots as SVG: bars of one load's figures by server, and curves over the number of series."""
import collections
import math
from xml.sax.saxutils import escape

WIDTH, MARGIN, LABELS, VALUES = 760, 16, 150, 120
BAR, GAP, TITLE, CAPTION = 16, 6, 34, 22
LOGARITHMIC_FROM = 30  # times between the longest and the shortest bar
OURS, LIMIT, PEER, INK, FAINT, GOAL = '#d9480f', '#2b8a3e', '#868e96', '#212529', '#dee2e6', '#1864ab'
CURVES = ['#d9480f', '#1864ab', '#2b8a3e', '#862e9c']

# A bar has a name, a value, the value as text and a colour; a panel a name, its bars and perhaps a target.
Bar = collections.namedtuple('Bar', 'name value text colour')
Panel = collections.namedtuple('Panel', 'name bars target target_text')


def text(x, y, words, size=12, anchor='start', colour=INK, weight='normal'):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}" stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(words)}</text>')


def line(x1, y1, x2, y2, colour, extra=''):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {extra}/>'


def document(height, title, parts):
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" font-family="sans-serif" role="img">', f'<title>{escape(title)}</title>',
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>', text(MARGIN, 24, title, 15, weight='bold'),
        *parts, '</svg>', ''])


def scale_of(values):
    """From a value to the share of the width that its bar takes, and whether that is by its logarithm."""
    positive = [value for value in values if value > 0]
    highest, lowest = max(positive, default=1), min(positive, default=1)
    if highest < lowest * LOGARITHMIC_FROM:
        return lambda value: max(value, 0) / highest, False
    floor = math.floor(math.log10(lowest) - 0.01)
    return lambda value: (math.log10(value) - floor) / (math.log10(highest) - floor) if value > 0 else 0, True


def panel_parts(panel, top):
    share, is_logarithmic = scale_of([b.value for b in panel.bars] + ([panel.target] if panel.target else []))
    left, width = MARGIN + LABELS, WIDTH - 2 * MARGIN - LABELS - VALUES
    yield text(MARGIN, top + 15, panel.name + (' (logarithmic)' if is_logarithmic else ''), weight='bold')
    tops = [top + CAPTION + index * (BAR + GAP) for index in range(len(panel.bars))]
    lengths = [max(share(bar.value) * width, 1) for bar in panel.bars]
    for bar, y, length in zip(panel.bars, tops, lengths):
        yield f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{bar.colour}"/>'
    if panel.target:
        x = left + share(panel.target) * width
        yield line(x, top + CAPTION - 3, x, tops[-1] + BAR + 3, GOAL, 'stroke-width="1.5" stroke-dasharray="4 3"')
        yield text(WIDTH - MARGIN, top + 15, f'target {panel.target_text}', 11, 'end', GOAL)
    for bar, y, length in zip(panel.bars, tops, lengths):
        yield text(left - 8, y + BAR - 4, bar.name, anchor='end')
        yield text(left + length + 6, y + BAR - 4, bar.text, 11)


def bars(title, panels):
    parts, top = [], TITLE
    for panel in panels:
        parts += panel_parts(panel, top)
        top += CAPTION + len(panel.bars) * (BAR + GAP) + GAP * 2
    return document(top + GAP, title, parts)


def curves(title, lines):
    """Each line by its own first point, over the number of series, both axes logarithmic. lines: name -> [(x, y)]."""
    left, top, width, height = 60, TITLE + 16, WIDTH - 340, 260
    relative = {name: [(x, y / points[0][1]) for x, y in points] for name, points in lines.items() if points[0][1] > 0}
    xs = sorted({x for points in relative.values() for x, _ in points})
    highest = max([4, *(y for points in relative.values() for _, y in points)])
    lowest = min([0.5, *(y for points in relative.values() for _, y in points if y > 0)])

    def at(x, y):
        across = math.log(x / xs[0]) / math.log(xs[-1] / xs[0]) if xs[-1] > xs[0] else 0
        return left + across * width, top + height * (1 - math.log(y / lowest) / math.log(highest / lowest))
    parts = []
    for y in 0.5, 1, 1.2, 2, 3, 4:
        _, height_of = at(xs[0], y)
        parts += [line(left, height_of, left + width, height_of, FAINT), text(left - 6, height_of + 4, f'x {y:g}', 11, 'end')]
    for x in xs:
        parts.append(text(at(x, 1)[0], top + height + 18, f'{x:,}', 11, 'middle'))
    parts.append(text(left + width / 2, top + height + 36, 'series', 12, 'middle'))
    for index, (name, points) in enumerate(relative.items()):
        colour = CURVES[index % len(CURVES)]
        places = [at(x, y) for x, y in points if y > 0]
        path = ' '.join(f'{x:.1f},{y:.1f}' for x, y in places)
        parts += [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
                  *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places),
                  line(left + width + 24, top + 14 + index * 20, left + width + 44, top + 14 + index * 20, colour,
                       'stroke-width="2"'), text(left + width + 50, top + 18 + index * 20, name, 11)]
    return document(top + height + 50, title, parts)
