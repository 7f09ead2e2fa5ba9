# The first Ctrl-C or SIGTERM saves; a second one ends a process that does not come to it; one that is sent twice is one.
set -m
tiny=(--task add --prime 5 --fraction 0.6 --d-model 4 --n-head 1 --d-mlp 4 --threads 1 -q --steps 100000000)

# A process that is stuck: its checkpoint goes into a pipe that nobody reads.
stuck() {
    rm -f pipe
    mkfifo pipe
    # shellcheck disable=SC2217  # holds the pipe open
    sleep 100 < pipe & reader=$!
    grok-train "${tiny[@]}" --d-model 64 --d-mlp 4096 --keep all -o - > pipe 2> err & pid=$!
    sleep 1
}
ends() {
    local expected=$1 found=0
    wait "$pid" || found=$?
    kill "$reader"
    wait "$reader" || true
    [ "$found" = "$expected" ] || { echo "exit status $found, expected $expected"; cat err; return 1; }
}

stuck
kill -TERM "$pid"
sleep 0.7
kill -0 "$pid"
kill -USR1 "$pid"    # does not hasten
sleep 0.1
kill -0 "$pid"
kill -TERM "$pid"
ends 143
grep -qx "grok-train: ended at once by a second signal; nothing was written" err

stuck
kill -USR1 "$pid"
sleep 0.6
kill -INT "$pid"     # the first of its kind
sleep 0.6
kill -0 "$pid"
kill -INT "$pid"
ends 130

# Twice within a moment, as timeout(1) does, is once.
grok-train "${tiny[@]}" --checkpoint-every 0.01 -o twice.h5 2> err & pid=$!
until [ -e twice.h5 ]; do sleep 0.01; done
kill -TERM "$pid"; kill -TERM "$pid"
found=0
wait "$pid" || found=$?
[ "$found" = 143 ]
grep -q 'to go on: grok-train --resume twice.h5' err
