"""Counts the instructions of a piece of work of fixed_work, with valgrind.

A count says what the program does, not how fast the machine is: it is the same on every machine whose CPU has the same
vector instructions (valgrind knows AVX2, not AVX-512), and the same each time.
"""
import collections
import json
import os
import re
import subprocess
import tempfile

Count = collections.namedtuple('Count', 'unit each')


class CountFailed(Exception):
    pass


def total_of(callgrind_text):
    """The instructions that a file of callgrind's tells of, in all."""
    total = re.search(r'^totals: (\d+)', callgrind_text, re.MULTILINE)
    if not total or int(total[1]) == 0:
        raise CountFailed('callgrind counted nothing')
    return int(total[1])


def count(program, subject, hosts):
    """What one unit of the work takes. No environment is passed on: it would move the stack, and a few counts with it."""
    with tempfile.TemporaryDirectory() as folder:
        written = os.path.join(folder, 'callgrind.out')
        command = ['valgrind', '--quiet', '--tool=callgrind', '--instr-atstart=no', f'--callgrind-out-file={written}',
                   program, subject, str(hosts)]
        try:
            ran = subprocess.run(command, env={'PATH': os.environ['PATH']}, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, check=False)
        except FileNotFoundError:
            raise CountFailed('valgrind is not installed') from None
        if ran.returncode != 0:
            raise CountFailed(f'{subject} {hosts}: {ran.stderr.strip()}')
        work = json.loads(ran.stdout)
        with open(written, encoding='utf-8') as text:
            return Count(work['unit'], total_of(text.read()) / work['units'])
