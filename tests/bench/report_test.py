"""What is made of figures: medians, spreads, comparisons, tables and plots."""
import os
import tempfile
import unittest
import xml.etree.ElementTree

import figures
import loads
import mixed_loads
import generator
import plots
import report
from figures import FLUXGATE, LIMIT, Figure

CPU = figures.MICROSECONDS
RATE = figures.SAMPLES_RATE


def results_of(values, unit=CPU, target=None, load='ingest', name='CPU a sample'):
    results = figures.Results()
    for server, measured in values.items():
        for value in measured:
            results.add(load, server, Figure(name, unit, value, target))
    return results


def only_row(*args, **kwargs):
    return results_of(*args, **kwargs).of_load('ingest')[0]


class FiguresTest(unittest.TestCase):
    def test_spread_is_between_the_quartiles(self):
        self.assertIsNone(figures.spread([5]))
        self.assertIsNone(figures.spread([]))
        self.assertAlmostEqual(figures.spread([90, 100, 110]), 0.1)
        self.assertAlmostEqual(figures.spread([1, 100, 100, 100, 100, 1000]), 0)

    def test_a_row_is_unsteady_over_a_tenth(self):
        self.assertFalse(only_row({FLUXGATE: [91, 100, 110]}).is_unsteady())
        self.assertTrue(only_row({FLUXGATE: [85, 100, 110]}).is_unsteady())
        self.assertFalse(only_row({FLUXGATE: [100], LIMIT: [1, 100, 1000]}).is_unsteady())

    def test_times_count_what_is_needed(self):
        row = only_row({FLUXGATE: [0.05, 0.06, 0.5], LIMIT: [0.01], 'peer': [1.2]})
        self.assertAlmostEqual(row.times(FLUXGATE, LIMIT), 6)
        self.assertAlmostEqual(row.times('peer', FLUXGATE), 20)
        self.assertIsNone(row.times('another', FLUXGATE))

    def test_times_of_a_rate_count_slowness(self):
        self.assertAlmostEqual(only_row({FLUXGATE: [20e6], LIMIT: [100e6]}, RATE).times(FLUXGATE, LIMIT), 5)

    def test_targets(self):
        self.assertTrue(only_row({FLUXGATE: [0.06]}, target=0.06).is_met())
        self.assertFalse(only_row({FLUXGATE: [0.0601]}, target=0.06).is_met())
        self.assertFalse(only_row({FLUXGATE: [19e6]}, RATE, 20e6).is_met())
        self.assertTrue(only_row({FLUXGATE: [21e6]}, RATE, 20e6).is_met())
        self.assertIsNone(only_row({FLUXGATE: [1]}).is_met())
        self.assertIsNone(only_row({LIMIT: [1]}, target=1).is_met())

    def test_points_of_a_curve_stand_together(self):
        results = figures.Results()
        for at in 10, 100:
            results.add('growth', FLUXGATE, Figure('a', CPU, 1, at=at))
            results.add('growth', FLUXGATE, Figure('b', CPU, 1, at=at))
        self.assertEqual([(row.name, row.at) for row in results.of_load('growth')],
                         [('a', 10), ('a', 100), ('b', 10), ('b', 100)])

    def test_growth_is_that_of_the_dearest_point(self):
        results = figures.Results()
        for at, value in (10, 2.0), (100, 7.0), (1000, 5.0):
            results.add(mixed_loads.GROWTH, FLUXGATE, Figure(mixed_loads.CPU_SAMPLE, CPU, value, at=at))
        grown, = mixed_loads.growths(results)
        self.assertEqual((grown.value, grown.target), (3.5, 3))


class ReportTest(unittest.TestCase):
    def test_cells(self):
        row = only_row({FLUXGATE: [0.04, 0.05, 0.06], LIMIT: [0.01], 'peer': [1.0]}, target=0.06)
        self.assertEqual(report.cells(row, ['peer', 'absent']),
                         ['CPU a sample', '0.0500 us', '20 % !', '0.0600 us', 'yes', '0.0100 us', '5',
                          '1.0000 us (x 20)', ''])

    def test_estimates_are_marked(self):
        results = results_of({FLUXGATE: [1.0]})
        results.add('ingest', 'peer', Figure('CPU a sample', CPU, 10, estimated=True))
        self.assertEqual(report.cells(results.of_load('ingest')[0], ['peer'])[-1], '~10.0000 us (x 10)')

    def test_tables_are_aligned_and_tell_failures(self):
        results = results_of({FLUXGATE: [1.0]})
        results.failures['ingest']['peer'] = 'it broke'
        lines = list(report.terminal(results))
        self.assertIn('  FAILED on peer: it broke', lines)
        self.assertEqual(lines[0].index(FLUXGATE) + len(FLUXGATE), lines[-1].index('1.0000 us') + len('1.0000 us'))

    def test_equal_findings_are_told_once(self):
        self.assertEqual(report.checks_text({'a': 'good', 'b': 'good', 'c': 'none'}), 'a, b: good; c: none')

    def test_report_and_its_plots(self):
        results = results_of({FLUXGATE: [1.0, 1.1], LIMIT: [0.01]}, target=2, load='load, 1,000 <a & b>')
        for at, value in (10, 1.0), (100, 2.0):
            results.add('growth', FLUXGATE, Figure('cost', CPU, value, at=at))
        results.failures['broken'][FLUXGATE] = 'why'
        with tempfile.TemporaryDirectory() as folder:
            report.write_files(results, ['About.'], {load: 'lines' for load in report.loads_of(results)},
                               os.path.join(folder, 'x.md'))
            with open(os.path.join(folder, 'x.md'), encoding='utf-8') as file:
                text = file.read()
            self.assertIn('FAILED on fluxgate: why', text)
            for name in 'load-1000-a-b', 'growth':
                self.assertIn(f'(x/{name}.svg)', text)
                xml.etree.ElementTree.parse(os.path.join(folder, 'x', f'{name}.svg'))
            self.assertNotIn('broken.svg', text)
            self.assertEqual(len(os.listdir(os.path.join(folder, 'x'))), 2)


class PlotsTest(unittest.TestCase):
    def test_bars_are_as_long_as_their_values(self):
        share, is_logarithmic = plots.scale_of([2, 4, 0])
        self.assertEqual(([share(value) for value in (2, 4, 0)], is_logarithmic), ([0.5, 1, 0], False))

    def test_far_apart_they_are_logarithmic(self):
        share, is_logarithmic = plots.scale_of([1, 1000])
        self.assertTrue(is_logarithmic)
        self.assertEqual(share(1000), 1)
        self.assertGreater(share(1), 0)
        self.assertEqual(share(0), 0)


class LoadsTest(unittest.TestCase):
    def test_loads_differ_in_name_or_grow(self):
        for scale in generator.FULL, generator.QUICK:
            names = [load.name for load in [*loads.loads(scale), *mixed_loads.loads(scale)]]
            single = [name for name in names if name != mixed_loads.GROWTH]
            self.assertEqual(len(single), len(set(single)))
            self.assertEqual(len(names) - len(single), len(scale.growth))


if __name__ == '__main__':
    unittest.main()
