# A signal before the first update ends the process at once, with the same status: there is nothing to save.
set -m
grok-train --task add --prime 11 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 1 -q -o teacher.h5

# interrupted STATUS COMMAND...: by SIGTERM, in setup
interrupted() {
    "$@" 2> err & local pid=$! found=0
    sleep 0.4
    kill -TERM "$pid"
    sleep 0.4
    ! kill -0 "$pid" 2> /dev/null || { echo "still there: $*"; kill -KILL "$pid"; return 1; }
    wait "$pid" || found=$?
    [ "$found" = 143 ] || { echo "exit status $found: $*"; cat err; return 1; }
    grep -q 'interrupted before the first update: nothing to save$' err || { cat err; return 1; }
}
# splits of many seeds; soft labels of many temperatures
interrupted grok-train --task add --prime 113 --seed 0..19999 --d-model 4 --n-head 1 --d-mlp 4 -q -o a.h5
interrupted grok-distill --teacher teacher.h5 --prime 11 --d-model 4 --n-head 1 --d-mlp 4 --kl-at last \
    --temperature 1:100:20000 -q -o b.h5
[ ! -e a.h5 ]
[ ! -e b.h5 ]
