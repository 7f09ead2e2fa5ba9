#!/bin/bash
# A run killed with -9 at 30 (or $KILLS) random moments: each time the checkpoint opens (or is not there yet), and resumes to the
# same bytes as an undisturbed run.
. "$(dirname "$0")/common.bash"
RANDOM=20250722
steps=400 kills=${KILLS:-30}

train() { grok-train "${TINY[@]}" --steps "$steps" --checkpoint-every 0.02 -o "$1"; }

now_ms() { date +%s%3N; }
started=$(now_ms)
check 'an undisturbed run' train whole.h5
[ "$n_failed" = 0 ] || finish
lasts=$(($(now_ms) - started))

# one_kill: start, kill somewhere between start and a little after the usual end, look, resume, compare
one_kill() {
    rm -f run.h5
    # Not the function: that would make a shell that dies in place of its child, which would go on writing.
    grok-train "${TINY[@]}" --steps "$steps" --checkpoint-every 0.02 -o run.h5 > /dev/null 2>&1 &
    local pid=$! delay=$((RANDOM * lasts / 32768))
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
    kill -9 "$pid" 2> /dev/null
    wait "$pid" 2> /dev/null
    [ -e run.h5 ] || { n_absent=$((n_absent + 1)); return 0; }
    grok-check run.h5 || return 1
    [ "$(grok-log --runs run.h5 | grep -c "	$steps	")" -gt 0 ] || n_unfinished=$((n_unfinished + 1))
    grok-train --resume run.h5 --steps "$steps" -q || return 1
    "$BUILD/robust/same" whole.h5 run.h5
}

n_absent=0 n_unfinished=0
for i in $(seq "$kills"); do check "kill $i of a run of $lasts ms" one_kill; done
# A test of resuming needs runs that were stopped half-way.
check "only $n_unfinished of $kills runs were killed half-way ($n_absent before their first checkpoint)" \
    [ "$n_unfinished" -ge $((kills / 5)) ]
finish
