#!/bin/bash
# Two processes that write one checkpoint at the same time: nothing is lost silently.  Whoever finds that the file is no longer
# what it wrote or read saves what it has computed beside it, says where, and ends with status 1; and the file is always whole.
. "$(dirname "$0")/common.bash"

# both COMMAND1 COMMAND2: at the same time, looked at all the while; their statuses are in $status, their messages in err1, err2
both() {
    rm -f ./*.saved.* err1 err2
    bash -c "$1" 2> err1 & local first=$!
    bash -c "$2" 2> err2 & local second=$!
    while kill -0 "$first" 2> /dev/null || kill -0 "$second" 2> /dev/null; do
        [ ! -e both.h5 ] || grok-check both.h5 || return 1
    done
    status=0
    wait "$first" || status=$?
    wait "$second" || status=$status$?
}

# told N: so many have said that they saved beside it; each of these files is whole
told() {
    local n=0 file
    for file in both.h5.saved.*; do
        [ -e "$file" ] || continue
        grok-check "$file" || return 1
        grep -qF "'$file'" err1 err2 || { echo "nobody told of $file"; return 1; }
        n=$((n + 1))
    done
    [ "$n" = "$1" ] || { echo "$n saved, expected $1"; ls; cat err1 err2; return 1; }
}

# race: two runs with different seeds into one new file: one comes to its end there, the other is told
race() {
    rm -f both.h5
    both "grok-train ${TINY[*]} --seed 1 --steps 300 --checkpoint-every 0.01 -o both.h5" \
         "grok-train ${TINY[*]} --seed 2 --steps 300 --checkpoint-every 0.01 -o both.h5" || return 1
    case $status in 1 | 01) ;; *) echo "statuses $status"; cat err1 err2; return 1 ;; esac
    "$BUILD/robust/same" both.h5 alone1.h5 || "$BUILD/robust/same" both.h5 alone2.h5 || return 1
    # who starts after the other's first checkpoint is refused at once, and has nothing to save
    if grep -q 'or --force' err1 err2; then told 0; else told 1; fi
}

# resumed: two runs go on from one file
resumed() {
    cp alone1.h5 both.h5
    both "grok-train --resume both.h5 --steps 600 --checkpoint-every 0.01 -q" \
         "grok-train --resume both.h5 --steps 900 --checkpoint-every 0.01 -q" || return 1
    case $status in
    1 | 01) told 1 ;;
    0) told 0 ;;    # one read it after the other had ended
    *) echo "statuses $status"; cat err1 err2; return 1 ;;
    esac
}

for seed in 1 2; do check 'a run alone' grok-train "${TINY[@]}" --seed $seed --steps 300 -o "alone$seed.h5"; done
for i in 1 2 3 4; do check "race $i" race; done
for i in 1 2 3; do check "two resume one file, $i" resumed; done

# what was edited, replaced or restored while a run went on is kept, and so is the run
edited() {
    rm -f both.h5 both.h5.saved.*
    grok-train "${TINY[@]}" --seed 1 --steps 100000000 --checkpoint-every 0.01 -o both.h5 2> err1 &
    local pid=$! status=0
    : > err2
    until [ -e both.h5 ]; do kill -0 "$pid" || return 1; sleep 0.01; done
    cp alone2.h5 new.h5 && mv new.h5 both.h5 || return 1
    wait "$pid" || status=$?
    [ "$status" = 1 ] || { echo "status $status"; return 1; }
    cmp both.h5 alone2.h5 && told 1
}
check 'a file that another program replaces' edited
check 'nothing is left behind' only . 'alone?.h5' both.h5 'both.h5.saved.*' check.out err1 err2
finish
