# SIGINT and SIGTERM: the checkpoint is written, the way to go on is said, and going on gives what would have been.
small='--task add --prime 7 --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q --steps 6000'
# shellcheck disable=SC2086
grok-train $small -o whole.h5

interrupt() {
    local signal=$1 expected=$2 status=0 pid tries=0
    rm -f part.h5
    # shellcheck disable=SC2086
    grok-train $small --checkpoint-every 0.01 -o part.h5 2> err &
    pid=$!
    while [ ! -e part.h5 ] && [ $tries -lt 500 ]; do    # it has begun
        sleep 0.02
        tries=$((tries + 1))
    done
    kill -"$signal" $pid
    wait $pid || status=$?
    [ "$status" = "$expected" ] || { echo "exit $status after $signal, expected $expected"; cat err; return 1; }
    grep -Eq '^grok-train: interrupted at step [0-9]+; to go on: grok-train --resume part.h5$' err
    [ "$(wc -l < err)" = 1 ]
    grok-train --resume part.h5 -q
    for object in /model /optimizer /history; do
        h5diff whole.h5 part.h5 "$object"
    done
}
interrupt TERM 143
# a shell's background jobs ignore SIGINT; a job of its own does not
set -m
interrupt INT 130
