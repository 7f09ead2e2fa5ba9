#!/bin/bash
# Killed with -9 at 100 (or $KILLS) random moments each, training, students, landscapes and merges leave a checkpoint that opens,
# or none; the same command once more then ends with what an undisturbed one writes.
. "$(dirname "$0")/../robust/common.bash"
RANDOM=20261126
kills=${KILLS:-100}
tiny=(--threads 1 --checkpoint-every 0.02 -q)

now_ms() { date +%s%3N; }
# one_kill COMMAND...: start, kill somewhere between start and a little after the usual end, look, once more, compare
one_kill() {
    rm -f run.h5
    "$@" -o run.h5 > /dev/null 2>&1 &
    local pid=$! delay=$((RANDOM * lasts / 32768))
    sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
    ! kill -9 "$pid" 2> /dev/null || n_killed=$((n_killed + 1))
    wait "$pid" 2> /dev/null
    if [ -e run.h5 ]; then
        grok-check run.h5 || return 1
        n_there=$((n_there + 1))
    fi
    [ "$1" != grok-merge ] || rm -f run.h5
    "$@" -o run.h5 || return 1
    "$BUILD/robust/same" whole.h5 run.h5
}
# killed WHAT COMMAND...
killed() {
    local what=$1 started i lasts n_killed=0 n_there=0
    shift
    rm -f whole.h5
    started=$(now_ms)
    check "$what: undisturbed" "$@" -o whole.h5
    lasts=$(($(now_ms) - started))
    for i in $(seq "$kills"); do check "$what: kill $i of a run of $lasts ms" one_kill "$@"; done
    check "$what: $n_killed of $kills were killed" [ "$n_killed" -ge $((kills / 3)) ]
    echo "$what: $n_killed of $kills killed, $n_there of them with a checkpoint"
}

killed grok-train grok-train "${TINY[@]}" "${tiny[@]}" --steps 400 --resume-or-start
grok-train "${TINY[@]}" --steps 50 -o teacher.h5 || failed 'cannot train a teacher'
killed grok-distill grok-distill --teacher teacher.h5 --prime 19 --kl-at last --seed 0..1 "${tiny[@]}" --steps 400 \
    --resume-or-start
killed grok-landscape grok-landscape "${TINY[@]}" "${tiny[@]}" --alpha 0.5,1,2 --wave 2 --steps 100 --resume-or-start
for i in 1 2 3; do grok-train "${TINY[@]}" --seed 0..5 --snapshot-every 2 --steps 60 --shard "$i/3" -o "shard$i.h5"; done
killed grok-merge grok-merge shard1.h5 shard2.h5 shard3.h5 --force
finish
