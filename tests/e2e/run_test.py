"""Runs one of the tests here: run_test.py EXECUTABLE TEST [unittest arguments]."""
import os
import sys
import unittest

if __name__ == '__main__':
    os.environ['FLUXGATE_BINARY'] = os.path.abspath(sys.argv[1])
    # Nothing of the caller's environment may set a flag.
    for name in [name for name in os.environ if name.startswith('FLUXGATE_') and name != 'FLUXGATE_BINARY']:
        del os.environ[name]
    unittest.main(module=sys.argv[2], argv=sys.argv[2:])
