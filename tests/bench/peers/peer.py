"""What the peers share: the conversation with ../run.

A peer prints "ready<TAB>what it is", then answers each line "go SECONDS" with "MEDIAN<TAB>MIN<TAB>COUNT" of the times that
it measured (seconds), until its input ends.  So that several programs can take turns on one machine, all of them warm.
"""
import statistics
import sys
import time

WARM_UP = 3


def times(step, seconds):
    """Times of single calls of step() for so many seconds."""
    result = []
    end = time.perf_counter() + seconds
    while True:
        begin = time.perf_counter()
        step()
        now = time.perf_counter()
        result.append(now - begin)
        if now >= end:
            return result


def answer(values):
    print(f"{statistics.median(values):.9g}\t{min(values):.9g}\t{len(values)}", flush=True)


def serve(what, measure):
    """measure(seconds) returns times; called once with 0 seconds a few times to warm up and compile."""
    for _ in range(WARM_UP):
        measure(0)
    print(f"ready\t{what}", flush=True)
    for line in sys.stdin:
        verb, seconds = line.split()
        if verb != "go":
            sys.exit(f"unknown request '{verb}'")
        answer(measure(float(seconds)))
