"""README.md as the tests read it: its commands, its fenced blocks, its table of flags."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEFAULT_PORT = 9122
FLAG = re.compile(r'`(--?[a-z][a-z0-9.-]*)`')


def read():
    with open(os.path.join(ROOT, 'README.md'), encoding='utf-8') as file:
        return file.read()


def first_screen():
    return read().partition('\n---\n')[0]


def at_port(text, port):
    """The text with the default port replaced: nothing else changes in a command or a configuration."""
    assert str(DEFAULT_PORT) in text, text
    return text.replace(str(DEFAULT_PORT), str(port))


def commands(text, start):
    """The indented lines that start with `start`, as they stand; a `$ ` in front is the prompt."""
    lines = [line[4:] for line in text.splitlines() if line.startswith('    ')]
    return [line.removeprefix('$ ') for line in lines if line.removeprefix('$ ').startswith(start)]


def scrape_configuration():
    blocks = re.findall(r'```yaml\n(scrape_configs:.*?)```', read(), re.S)
    assert len(blocks) == 1, blocks
    return blocks[0]


def flags():
    """{flag: default as the table writes it}. `--a.b-x`, `-y` in one cell is --a.b-x and --a.b-y where y starts as x."""
    table = re.search(r'\n\| flag \| default \| \|\n\|[-|]+\|\n((?:\|.*\n)+)', read())[1]
    found = {}
    for row in table.splitlines():
        cell, default = [text.strip() for text in row.strip('|').split('|')[:2]]
        names = FLAG.findall(cell)
        defaults = default.split(', ') if default.startswith('`') else [default]
        for number, name in enumerate(names):
            if not name.startswith('--'):
                start = names[0].index(f'-{name.split("-")[1]}-')
                name = names[0][:start] + name
            found[name] = defaults[min(number, len(defaults) - 1)].strip('`')
    return found
