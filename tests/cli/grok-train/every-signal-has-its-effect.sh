# Every signal of the system has the effect that tools/signals.def says: saved with status 128 + signal, or ignored, or none, or
# the system's own.
# timeout: 120
ulimit -c 0
set -m    # else a background job ignores SIGINT and SIGQUIT
tiny=(--task add --prime 5 --fraction 0.6 --d-model 4 --n-head 1 --d-mlp 4 --threads 1 -q --steps 100000000)

start() { grok-train "${tiny[@]}" --checkpoint-every 0.001 -o "$1.h5" 2> "$1.err" & }
# begun NAME: until it trains
begun() {
    local tries=0
    until [ -e "$1.h5" ]; do
        [ $((tries += 1)) -lt 3000 ] || { echo "$1: not begun"; cat "$1.err"; return 1; }
        sleep 0.01
    done
}
# ended PID STATUS: with that status
ended() {
    local found=0
    wait "$1" || found=$?
    [ "$found" = "$2" ] || { echo "$name: exit status $found, expected $2"; return 1; }
}

effect_of() {
    case $1 in
    RTM*) echo SAVE ;;
    *) sed -n "s/^SIGNAL($1, *\([A-Z]*\),.*/\1/p" "$TOP/tools/signals.def" ;;
    esac
}

judge() {
    local name=$1 number=$2 pid=$3 effect=$4
    begun "$name"
    kill -"$number" "$pid"
    case $effect in
    SAVE|FINISH)
        ended "$pid" $((128 + number))
        grep -Eqx "grok-train: interrupted at step [0-9]+; to go on: grok-train --resume $name.h5" "$name.err"
        [ "$(wc -l < "$name.err")" = 1 ] ;;
    ERROR|NONE|STOP)
        [ "$effect" != STOP ] || { sleep 0.02; kill -CONT "$pid"; }
        sleep 0.02
        kill -TERM "$pid"
        ended "$pid" 143 ;;
    DIE)
        ended "$pid" $((128 + number)) ;;
    *)  echo "$name: no row in signals.def"; return 1 ;;
    esac
    grok-check -q "$name.h5" > /dev/null 2>&1 || grok-check "$name.h5"
    rm "$name.h5"
}

n=0
for number in $(seq 1 64); do
    case $number in 32|33) continue ;; esac    # the C library's own
    name=$(kill -l "$number")
    name=${name#SIG}
    [ "$name" != POLL ] || name=IO
    start "$name"
    judge "$name" "$number" $! "$(effect_of "$name")" || { echo "failed: $name"; exit 1; }
    n=$((n + 1))
done
[ "$n" = 62 ]
# no row without a signal
[ "$(grep -c '^SIGNAL(' "$TOP/tools/signals.def")" = 31 ]
