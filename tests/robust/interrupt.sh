#!/bin/bash
# SIGINT and SIGTERM: the run writes its checkpoint, prints the command that resumes it, and exits 130 or 143.
. "$(dirname "$0")/common.bash"
set -m    # so that background jobs do not ignore SIGINT

# interrupted SIGNAL STATUS: and the command that was printed brings the run to its end, the same as an undisturbed one
interrupted() {
    rm -f run.h5
    grok-train "${TINY[@]}" --steps 3000 --checkpoint-every 0.05 -o run.h5 > out 2> err &
    local pid=$! status=0
    until [ -e run.h5 ]; do
        kill -0 "$pid" || { cat err; return 1; }
        sleep 0.01
    done
    kill "-$1" "$pid"
    wait "$pid" || status=$?
    [ "$status" = "$2" ] || { echo "exit status $status, expected $2"; cat err; return 1; }
    [ ! -s out ] || { echo 'wrote to standard output'; return 1; }
    grok-check run.h5 || return 1
    command=$(grep -o 'grok-train --resume.*' err) || { echo 'no command that resumes:'; cat err; return 1; }
    command=${command%\'}
    bash -c "$command -q" || { echo "failed: $command"; return 1; }
    "$BUILD/robust/same" whole.h5 run.h5
}

# before_first: interrupted before any checkpoint was due: there is one all the same
before_first() {
    rm -f run.h5
    grok-train "${TINY[@]}" --steps 100000000 --checkpoint-every 1000 -o run.h5 > out 2> err &
    local pid=$! status=0
    sleep 0.5
    kill -INT "$pid"
    wait "$pid" || status=$?
    [ "$status" = 130 ] && grok-check run.h5
}

# piped: to standard output, the checkpoint is written whole
piped() {
    grok-train "${TINY[@]}" --steps 100000000 -o - 2> err > pipe.h5 &
    local pid=$! status=0
    sleep 0.5
    kill -TERM "$pid"
    wait "$pid" || status=$?
    [ "$status" = 143 ] && grok-check pipe.h5
}

grok-train "${TINY[@]}" --steps 3000 -o whole.h5 || failed 'cannot train'
check 'SIGINT' interrupted INT 130
check 'SIGTERM' interrupted TERM 143
check 'before the first checkpoint' before_first
check 'into a pipe' piped
finish
