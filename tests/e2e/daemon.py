"""A daemon with a folder of its own, which tells in its log where it listens."""
import re
import shutil
import subprocess
import tempfile
import threading

START_SECONDS = 60
STOP_SECONDS = 30


class Daemon:
    """A subclass names it, makes its command, and has the pattern whose first group is its address in the log.

    Leaving the context ends it and removes what it stored.
    """
    name = LISTENING = None

    def __init__(self, **environment):
        self.folder = tempfile.mkdtemp(prefix=self.name)
        self.log = []
        self.address = None
        listening = threading.Event()
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, env=environment or None)
        self.reader = threading.Thread(target=self._read_log, args=(listening,), daemon=True)
        self.reader.start()
        if not listening.wait(START_SECONDS) or self.address is None:
            self.close()
            raise AssertionError(f'{self.name} does not start:\n' + ''.join(self.log[-20:]))

    def command(self):
        raise NotImplementedError

    def write(self, name, text):
        """Writes a file into its folder; its path."""
        path = f'{self.folder}/{name}'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read_log(self, listening):
        for line in self.process.stderr:
            self.log.append(line)
            if self.address is None and (found := re.search(self.LISTENING, line)):
                self.address = found[1]
                listening.set()
        listening.set()

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(STOP_SECONDS)
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)
