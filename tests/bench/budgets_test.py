"""A budget is missed by more than a tenth only, and --update writes what was counted."""
import unittest

import budgets
import instructions

BUDGETS = {'read 1000': {'per': 'sample', 'instructions': 100.0}, 'text 10': {'per': 'series', 'instructions': 50.0}}


class BudgetsTest(unittest.TestCase):
    def compare(self, **each):
        said = []
        counted, good = budgets.compare(
            BUDGETS, lambda subject, hosts: instructions.Count('thing', each[f'{subject}{hosts}']), said.append)
        return counted, good, said

    def test_a_tenth_more_is_allowed(self):
        self.assertTrue(self.compare(read1000=109.9, text10=50)[1])

    def test_more_than_that_is_not_and_is_named(self):
        _, good, said = self.compare(read1000=111, text10=50)
        self.assertFalse(good)
        self.assertIn('read 1000', said[0])
        self.assertIn('+11.0%: OVER', said[0])
        self.assertNotIn('OVER', said[1])

    def test_a_later_good_one_does_not_excuse_it(self):
        self.assertFalse(self.compare(read1000=100, text10=80)[1])
        self.assertFalse(self.compare(read1000=180, text10=10)[1])

    def test_far_cheaper_work_asks_for_an_update(self):
        _, good, said = self.compare(read1000=50, text10=50)
        self.assertTrue(good)
        self.assertIn('--update', said[0])

    def test_update_keeps_what_was_counted(self):
        counted, _, _ = self.compare(read1000=111.26, text10=50)
        self.assertEqual(budgets.rewritten(counted)['read 1000'], {'per': 'thing', 'instructions': 111.3})

    def test_totals_of_callgrind(self):
        self.assertEqual(instructions.total_of('version: 1\nevents: Ir\nsummary: 0\ntotals: 17\n'), 17)
        for text in 'version: 1\n', 'totals: 0\n':
            with self.assertRaises(instructions.CountFailed):
                instructions.total_of(text)

    def test_a_program_that_fails_is_told(self):
        with self.assertRaises(instructions.CountFailed):
            instructions.count('/usr/bin/false', 'read', 1)


if __name__ == '__main__':
    unittest.main()
