"""The packages of npm that clients/package-lock.json pins, installed in the build folder."""
import os
import shutil
import subprocess

import fluxgate_process

LISTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'clients')
FOLDER = os.path.join(os.path.dirname(fluxgate_process.BINARY), 'e2e_npm')
INSTALLED = os.path.join(FOLDER, 'installed.json')  # the lock of a whole installation
INSTALL_SECONDS = 300


def _text_of(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def install():
    """The folder node_modules; npm is asked only after a change of the lock."""
    modules = os.path.join(FOLDER, 'node_modules')
    lock = os.path.join(LISTS, 'package-lock.json')
    if os.path.isfile(INSTALLED) and _text_of(INSTALLED) == _text_of(lock):
        return modules
    os.makedirs(FOLDER, exist_ok=True)
    for name in ('package.json', 'package-lock.json'):
        shutil.copy(os.path.join(LISTS, name), FOLDER)
    done = subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-timeout=60000'],
                          cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=INSTALL_SECONDS)
    if done.returncode != 0:
        log = os.path.join(FOLDER, 'npm.log')
        with open(log, 'w', encoding='utf-8') as file:
            file.write(done.stdout)
        unreachable = any(code in done.stdout for code in ('ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT',
                                                           'ECONNRESET', 'ENETUNREACH', 'EHOSTUNREACH'))
        cause = 'its registry does not answer' if unreachable else 'npm ci failed'
        raise AssertionError(f'npm: cannot install what package-lock.json names: {cause} (log: {log})')
    shutil.copy(lock, INSTALLED)
    return modules
