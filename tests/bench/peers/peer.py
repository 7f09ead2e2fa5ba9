"""What the peers share: the conversation with ../run, and the sweep for ../run-cuda.

A peer prints "ready<TAB>what it is", then answers each line "go SECONDS" with "MEDIAN<TAB>MIN<TAB>COUNT" of the times that
it measured (seconds), until its input ends.  So that several programs can take turns on one machine, all of them warm.

On a GPU nobody can wait warm beside the others, who need the memory.  With --device a peer measures a sweep at once, and prints a
row of TSV for every case: workload, program, models, precision, rate (median over rounds), lowest, highest, note.
"""
import argparse
import math
import multiprocessing
import re
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


def serve_processes(what, work, arguments, processes):
    """serve what processes do side by side: work(*arguments, pipe) answers seconds with its rate, until it gets None."""
    context = multiprocessing.get_context("spawn")
    pipes = []
    for _ in range(processes):
        here, there = context.Pipe()
        context.Process(target=work, args=(*arguments, there), daemon=True).start()
        pipes.append(here)

    def measure(seconds):
        for pipe in pipes:
            pipe.send(seconds)
        return [1 / sum(pipe.recv() for pipe in pipes)]

    serve(f"{what}, {processes} processes of one thread", measure)
    for pipe in pipes:
        pipe.send(None)


class Skip(Exception):
    """This case cannot be, and why."""


def sweep_options(workload, forms):
    """Those of a sweep; the workload and the forms are what is measured if nothing is said."""
    parser = argparse.ArgumentParser()
    words = lambda text: text.split(",")
    parser.add_argument("--device", required=True, choices=("cuda", "cpu"))
    parser.add_argument("--workload", default=workload)
    parser.add_argument("--forms", type=words, default=forms)
    parser.add_argument("--models", type=lambda text: [int(word) for word in text.split(",")], default=[1])
    parser.add_argument("--precisions", type=words, default=["fp32"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a round")
    parser.add_argument("--check", type=int, default=0, help="in place of rates the loss of a model at this step")
    return parser.parse_args()


def rates(step, per_call, wait, rounds, seconds):
    """Things per second in every round: as many calls as fill the seconds, and the wait until the device has done them."""

    def took(calls):
        begin = time.perf_counter()
        for _ in range(calls):
            step()
        wait()
        return time.perf_counter() - begin

    took(WARM_UP)
    calls = 1
    while (spent := took(calls)) < seconds / 4:
        calls *= 2
    calls = max(1, round(calls * seconds / spent))
    return [calls * per_call / took(calls) for _ in range(rounds)]


def reason(error):
    """A failure in a few words without tabs; all libraries' ways to say that memory does not suffice are one."""
    text = f"{type(error).__name__}: {error}"
    if re.search(r"out of memory|OutOfMemory|RESOURCE_EXHAUSTED|ALLOC_FAILED|can't allocate|bad_alloc|MemoryError", text):
        return "out of memory"
    return "failed: " + " ".join(text.split())[:100]


def loss_at(step, per_call, models, n):
    """Mean over the models of the loss before the nth step; step() returns their sum."""
    for _ in range(max(1, n * models // per_call)):
        loss = step()
    return [float(loss) / models]


def sweep(package, options, build, forget, what):
    """build(form, models, precision) -> (step, things per call, wait); forget() frees what it held, and says a word about it;
    what(precision) says who computes, and how."""
    for form in options.forms:
        for models in options.models:
            for precision in options.precisions:
                values = [math.nan]
                try:
                    step, per_call, wait = build(form, models, precision)
                    if options.check:
                        values = loss_at(step, per_call, models, options.check)
                    else:
                        values = rates(step, per_call, wait, options.rounds, options.seconds)
                    note = what(precision)
                except Skip as skip:
                    note = f"SKIP ({skip})"
                except Exception as error:  # whatever a library throws, the other cases go on
                    note = reason(error)
                step = wait = None  # with them goes what they hold
                word = forget()
                numbers = [f"{of(values):.6g}" for of in (statistics.median, min, max)]
                print(options.workload, f"{package}_{form}", models, precision, *numbers, "; ".join(filter(None, (note, word))),
                      sep="\t", flush=True)


def work_off(step, pipe):
    """Calls of step a second, as often as the pipe says for how many seconds; until it says None."""
    while (seconds := pipe.recv()) is not None:
        begin = time.perf_counter()
        calls = len(times(step, seconds))
        pipe.send(calls / (time.perf_counter() - begin))
