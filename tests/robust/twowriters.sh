#!/bin/bash
# Two processes that write one checkpoint at the same time: whoever is last wins, and the file is always whole.
. "$(dirname "$0")/common.bash"

# race: two runs with different seeds into one file, looked at all the while
race() {
    rm -f both.h5
    grok-train "${TINY[@]}" --seed 1 --steps 300 --checkpoint-every 0.01 -o both.h5 & first=$!
    grok-train "${TINY[@]}" --seed 2 --steps 300 --checkpoint-every 0.01 -o both.h5 & second=$!
    local n_look=0
    while kill -0 "$first" 2> /dev/null || kill -0 "$second" 2> /dev/null; do
        [ ! -e both.h5 ] || grok-check both.h5 || return 1
        n_look=$((n_look + 1))
    done
    wait "$first" && wait "$second" || return 1
    grok-check both.h5 || return 1
    "$BUILD/robust/same" both.h5 alone1.h5 || "$BUILD/robust/same" both.h5 alone2.h5
}

for seed in 1 2; do check 'a run alone' grok-train "${TINY[@]}" --seed $seed --steps 300 -o "alone$seed.h5"; done
for i in 1 2 3 4 5; do check "race $i" race; done
check 'nothing is left behind' only . 'alone?.h5' both.h5 check.out
finish
