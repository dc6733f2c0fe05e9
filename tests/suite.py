"""Makes one ctest suite of several build trees: a cell is a tree of build/ and the labels it runs.

  suite.py [--all] targets CELL[=LABELS]      prints the ninja targets that the cell's tests need
  suite.py [--all] compose CELL[=LABELS]...   writes build/ctest, in which each test is CELL.TEST; prints what it leaves out

LABELS is a regular expression; without it a cell runs everything. What is labelled long runs with --all.
"""
import json
import os
import re
import subprocess
import sys

BUILD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'build')
# Properties that name other tests or what they share inside their cell.
CELL_NAMES = {'DEPENDS', 'FIXTURES_SETUP', 'FIXTURES_CLEANUP', 'FIXTURES_REQUIRED'}
LONG = 'long'
ADD_TEST = re.compile(r'add_test\(\[(?P<eq>=*)\[(?P<name>.*?)\](?P=eq)\] (?P<command>.*)\)$')


def tests_of(cell, run_long):
    """The name of the cell, its build tree, its tests as ctest describes them, and the names of those left out."""
    name, _, labels = cell.partition('=')
    tree = os.path.join(BUILD, name)
    command = ['ctest', '--test-dir', tree, '--show-only=json-v1']
    command += ['-L', labels] if labels else []
    listing = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    tests = json.loads(listing)['tests']
    left_out = [] if run_long else [test['name'] for test in tests if LONG in labels_of(test)]
    return name, tree, [test for test in tests if test['name'] not in left_out], left_out


def labels_of(test):
    return [label for p in test['properties'] if p['name'] == 'LABELS' for label in p['value']]


def quoted_arguments(tree):
    """Test name -> its command, from what CMake wrote: ctest does not tell that of a program yet to be built."""
    commands = {}
    for folder, _, names in os.walk(tree):
        if 'CTestTestfile.cmake' in names:
            with open(os.path.join(folder, 'CTestTestfile.cmake'), encoding='utf-8') as listing:
                for line in listing:
                    if match := ADD_TEST.match(line):
                        commands[match['name']] = re.findall(r'"((?:\\.|[^"\\])*)"', match['command'])
    return commands


def targets(cell, run_long):
    _, tree, tests, _ = tests_of(cell, run_long)
    listing = subprocess.run(['ninja', '-C', tree, '--quiet', '-t', 'targets', 'all'],
                             check=True, stdout=subprocess.PIPE, text=True).stdout
    known = {line.partition(':')[0] for line in listing.splitlines()}
    commands = quoted_arguments(tree)
    arguments = [argument for test in tests for argument in commands[test['name']]]
    inside = {os.path.relpath(a, tree) for a in arguments if a.startswith(tree + os.sep)}
    return sorted(inside & known)


def bracket(value):
    return f'[====[{value}]====]'


def entry(name, test):
    """The lines of CTestTestfile.cmake for one test of the cell `name`."""
    command = ' '.join(bracket(a) for a in test['command'])
    lines = [f'add_test({bracket(name + "." + test["name"])} {command})']
    properties = {p['name']: p['value'] for p in test['properties']}
    properties['LABELS'] = properties.get('LABELS', []) + [name]
    for key, value in properties.items():
        values = value if isinstance(value, list) else [value]
        values = [f'{name}.{v}' if key in CELL_NAMES else str(v) for v in values]
        text = ';'.join(v.replace(';', '\\;') for v in values)
        lines.append(f'set_tests_properties({bracket(name + "." + test["name"])} PROPERTIES '
                     f'{key} {bracket(text)})')
    return '\n'.join(lines) + '\n'


def compose(cells, run_long):
    os.makedirs(os.path.join(BUILD, 'ctest'), exist_ok=True)
    left_out = set()
    with open(os.path.join(BUILD, 'ctest', 'CTestTestfile.cmake'), 'w', encoding='utf-8') as suite:
        for cell in cells:
            name, _, tests, too_long = tests_of(cell, run_long)
            suite.writelines(entry(name, test) for test in tests)
            left_out.update(too_long)
    if left_out:
        print(f'Left out, for tests/run --all: {", ".join(sorted(left_out))}')


def main(arguments):
    run_long = arguments[0] == '--all'
    verb, *cells = arguments[run_long:]
    if verb == 'targets':
        print('\n'.join(targets(cells[0], run_long)))
    else:
        compose(cells, run_long)


main(sys.argv[1:])
