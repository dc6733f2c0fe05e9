"""Judges and reads exposition pages: by the letter of the text format, with promtool, and with the parsers of
python3-prometheus-client, of which the OpenMetrics one is the strictest there is."""
import re
import subprocess

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

TEXT = 'text/plain'
OPENMETRICS = 'application/openmetrics-text'

NAME = r'[a-zA-Z_:][a-zA-Z0-9_:]*'
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
METADATA = re.compile(rf'# (HELP|TYPE) ({NAME})(?: (.*))?', re.S)
SAMPLE = re.compile(rf'({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)(?: (-?[0-9]+))?', re.S)
LABEL_PARTS = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"', re.S)
ESCAPES = {'\\\\': '\\', '\\n': '\n', '\\"': '"'}
PROMTOOL_CLEAN, PROMTOOL_LINT = 0, 3


def media_type(content_type):
    return content_type.partition(';')[0].strip()


def unescaped(text):
    return re.sub(r'\\.', lambda m: ESCAPES[m.group()], text) if '\\' in text else text


def family_of(name, typed):
    """The family of a sample: of a histogram's or summary's parts the name without the suffix."""
    for suffix in ('_bucket', '_count', '_sum'):
        base = name.removesuffix(suffix)
        if base != name and typed.get((base, 'TYPE')) in ('histogram', 'summary'):
            return base
    return name


def read_text(page):
    """{(name, ((label, value), ...)): value as text} of a page in text 0.0.4; fails where the page is not exact:
    a line that is no line of the format, a family in two places, a series or a label given twice."""
    text = page.decode('utf-8')
    assert not text or text.endswith('\n'), text[-200:]
    samples, families, typed, family = {}, set(), {}, None
    for line in text.split('\n')[:-1]:
        metadata = METADATA.fullmatch(line)
        sample = None if metadata else SAMPLE.fullmatch(line)
        assert metadata or sample, f'not a line of the text format: {line!r}'
        name = metadata[2] if metadata else family_of(sample[1], typed)
        if name != family:
            assert name not in families, f'family {name} in two places'
            families.add(name)
            family = name
        if metadata:
            assert (name, metadata[1]) not in typed, f'second {metadata[1]} of {name}'
            typed[name, metadata[1]] = metadata[3]
            continue
        assert (name, 'TYPE') in typed, f'a sample before the TYPE of {name}'
        labels = tuple((key, unescaped(value)) for key, value in LABEL_PARTS.findall(sample[2] or ''))
        assert len({key for key, _ in labels}) == len(labels), f'a label twice: {line!r}'
        names = [key for key, _ in labels if key != 'le']  # which stands last in a histogram
        assert names == sorted(names), f'labels out of order: {line!r}'
        assert (sample[1], labels) not in samples, f'a series twice: {line!r}'
        samples[sample[1], labels] = sample[3]
    return samples


def read_openmetrics(page):
    """{(name, ((label, value), ...)): value} by the strict parser, which raises where the page is not exact."""
    assert page.endswith(b'# EOF\n'), page[-200:]
    samples = {}
    for family in openmetrics_parser.text_string_to_metric_families(page.decode('utf-8')):
        for sample in family.samples:
            key = sample.name, tuple(sorted(sample.labels.items()))
            assert key not in samples, f'a series twice: {key}'
            samples[key] = float(sample.value)
    return samples


def judge(page, content_type):
    """Fails unless every parser of this kind of page takes it. Returns its samples."""
    if media_type(content_type) == OPENMETRICS:
        return read_openmetrics(page)
    assert media_type(content_type) == TEXT, content_type
    samples = read_text(page)
    for family in text_parser.text_string_to_metric_families(page.decode('utf-8')):
        assert family.samples is not None
    code, output = promtool(page)
    assert code in (PROMTOOL_CLEAN, PROMTOOL_LINT), f'promtool: exit {code}: {output[-1000:]}'
    return samples


def promtool(page):
    """The exit code and output of `promtool check metrics`: 0 clean, 3 lint, 1 no valid page."""
    done = subprocess.run(['promtool', 'check', 'metrics'], input=page, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def value_of(samples, metric_name, **labels):
    """The value of one series as a number, or None."""
    value = samples.get((metric_name, tuple(sorted(labels.items()))))
    return None if value is None else float(value)
