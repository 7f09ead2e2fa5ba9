#!/bin/bash
# What 100 shards of 10,000 runs cost to merge and to read, against 10 shards of 1,000: in proportion.  docs/cluster.md has more.
. "$(dirname "$0")/../robust/common.bash"
small=(--task add --prime 5 --fraction 0.6 --d-model 4 --n-head 1 --d-mlp 4 --keep metrics --threads 1 --steps 40
       --log-every 2 -q)

# made N_RUN N_SHARD: shards of a grid in a folder of that name
made() {
    mkdir "$1"
    seq "$2" | xargs -P 2 -I{} grok-train "${small[@]}" --seed "0..$(($1 - 1))" --shard "{}/$2" -o "$1/{}.h5"
}
# cost COMMAND...: its processor time in ms, and the most memory in kB, into $ms and $kb
cost() {
    local TIMEFORMAT='%3U %3S' user system
    { time "$@" > cost.out 2> cost.err; } 2> cost.time || { cat cost.err; return 1; }
    read -r user system < cost.time
    ms=$((10#${user/./} + 10#${system/./} + 1))
}
# linear WHAT: ten times the runs cost at most 20 times as much, less 50 ms that a process costs anyway
linear() {
    local what=$1 few
    shift
    cost "${@//RUNS/1000}" || return 1
    few=$ms
    cost "${@//RUNS/10000}" || return 1
    echo "$what: 1,000 runs $few ms, 10,000 runs $ms ms"
    [ "$ms" -le $((20 * few + 1000)) ] && [ "$ms" -le 20000 ]
}
merged() { cost grok-merge "$1"/*.h5 -o "$1.h5" && echo "$ms" > "$1.ms"; }

check 'shards of 1,000 runs' made 1000 10
check 'shards of 10,000 runs' made 10000 100
check 'merged' merged 1000
check 'merged' merged 10000
echo "grok-merge: 10 shards $(cat 1000.ms) ms, 100 shards $(cat 10000.ms) ms"
check 'merging is linear' [ "$(cat 10000.ms)" -le $((20 * $(cat 1000.ms) + 1000)) ]
check 'the whole grid in one process' grok-train "${small[@]}" --seed 0..9999 -o whole.h5
check 'is what the shards are' "$BUILD/robust/same" whole.h5 10000.h5
for runs in 1000 10000; do grok-detect $runs.h5 > $runs.tsv || failed 'grok-detect'; done
check grok-ls linear grok-ls grok-ls RUNS.h5
check grok-log linear grok-log grok-log --final RUNS.h5
check grok-detect linear grok-detect grok-detect RUNS.h5
check 'grok-stat median' linear grok-stat grok-stat median test_acc_end -i RUNS.tsv
check 'grok-stat slope' linear grok-stat grok-stat slope seed l2_end -i RUNS.tsv
finish
