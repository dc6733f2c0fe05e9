"""budgets.py FIXED_WORK [--update]: fails when a piece of work takes over 10 % more instructions than budgets.json allows.

--update writes what was counted as the new budgets; do that when a change is worth its cost, or has made work cheaper.
"""
import argparse
import json
import os
import sys

import instructions

BUDGETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'budgets.json')
ALLOWED = 0.10


def verdict(budget, counted):
    """How far a count is from its budget, in words, and whether that is allowed."""
    share = counted / budget - 1
    if share > ALLOWED:
        return f'{share:+.1%}: OVER its budget by more than {ALLOWED:.0%}', False
    if share < -ALLOWED:
        return f'{share:+.1%}: cheaper by far; --update keeps that', True
    return f'{share:+.1%}', True


def compare(budgets, count, say):
    """Counts all that has a budget; what was counted, and whether all of it is allowed."""
    counted, good = {}, True
    for work, budget in budgets.items():
        subject, hosts = work.split()
        counted[work] = count(subject, int(hosts))
        words, is_allowed = verdict(budget['instructions'], counted[work].each)
        say(f'{work:24} {counted[work].each:10.1f} instructions a {counted[work].unit}, '
            f'budget {budget["instructions"]:.1f}, {words}')
        good = good and is_allowed
    return counted, good


def rewritten(counted):
    return {work: {'per': count.unit, 'instructions': round(count.each, 1)} for work, count in counted.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', metavar='FIXED_WORK')
    parser.add_argument('--update', action='store_true', help='make what is counted the budgets')
    options = parser.parse_args()
    with open(BUDGETS, encoding='utf-8') as file:
        budgets = json.load(file)
    counted, good = compare(budgets, lambda *work: instructions.count(options.program, *work), print)
    if options.update:
        with open(BUDGETS, 'w', encoding='utf-8') as file:
            json.dump(rewritten(counted), file, indent=2)
            file.write('\n')
    return 0 if good or options.update else 1


if __name__ == '__main__':
    sys.exit(main())
