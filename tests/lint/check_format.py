"""check_format ROOT: clang-format-19 would leave every C++ file as it is."""
import subprocess
import sys

import source_text

root = sys.argv[1]
found = list(source_text.files(root, source_text.CPP))
if not found:
    sys.exit(f'format: no C++ files under {root}')
checked = subprocess.run(['clang-format-19', '--dry-run', *found], cwd=root, check=False,
                         stderr=subprocess.PIPE, text=True)
changed = [path for path in found if f'{path}:' in checked.stderr]
complaints = [f'{path}: clang-format-19 -i would change it' for path in changed]
sys.exit(source_text.report('format', complaints) or checked.returncode)
