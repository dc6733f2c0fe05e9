"""check_scripts ROOT: shell scripts are strict bash that shellcheck has nothing against."""
import os
import subprocess
import sys

import source_text

root = sys.argv[1]
found = [os.path.join('.ci', 'run')] if os.path.exists(os.path.join(root, '.ci', 'run')) else []
found += [p for p in source_text.files(root) if source_text.read(root, p).startswith('#!/usr/bin/env bash\n')]
complaints = []
for path in source_text.files(root):
    first_line = source_text.read(root, path).partition('\n')[0]
    if first_line.startswith('#!') and 'sh' in first_line.split('/')[-1] and path not in found:
        complaints.append(f'{path}: starts with "{first_line}", not with "#!/usr/bin/env bash"')
for path in found:
    if '\nset -euo pipefail\n' not in source_text.read(root, path):
        complaints.append(f'{path}: lacks "set -euo pipefail"')
    if not os.access(os.path.join(root, path), os.X_OK):
        complaints.append(f'{path}: is not executable')
failed = found and subprocess.run(['shellcheck', *found], cwd=root, check=False).returncode
sys.exit(source_text.report('scripts', complaints) or failed)
