"""Waiting for a condition: no test sleeps for a time."""
import time

PATIENCE_SECONDS = 60


def eventually(condition, complaint, seconds=PATIENCE_SECONDS):
    """Returns the first true value of condition(); fails with the complaint (text, or a call that makes it)."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f'not within {seconds} s: {complaint() if callable(complaint) else complaint}')
        time.sleep(0.02)
    return value
