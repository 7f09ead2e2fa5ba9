#!/bin/bash
# The table tools are linear, or n log n, in rows, groups, runs and records: twice as many cost less than three times as much
# processor time.  Each row is the least of three runs, at sizes where twice as many take 50 ms or more.
# With SHOW=1 the times are printed, as they stand in docs/performance.md.
. "$(dirname "$0")/../robust/common.bash"
MOST=3

# least COMMAND...: processor time in ms, the least of three
least() {
    local best='' used
    for _ in 1 2 3; do
        used=$({ TIMEFORMAT='%U %S'; time "$@" > /dev/null 2>> "$SCRATCH/errors"; } 2>&1) || return 1
        used=$(awk '{ printf "%d", 1000 * ($1 + $2) }' <<< "$used")
        [ -n "$best" ] && [ "$best" -le "$used" ] || best=$used
    done
    echo "$best"
}

# grows WHAT N COMMAND...: @ in the command stands for N, and then for 2 N
grows() {
    local what=$1 n=$2 one two
    shift 2
    if ! one=$(least "${@//@/$n}") || ! two=$(least "${@//@/$((2 * n))}"); then
        failed "$what: ended with an error"
        cat errors
        return
    fi
    [ -z "${SHOW:-}" ] || printf '%s\t%s\t%s ms\t%s\t%s ms\n' "$what" "$n" "$one" $((2 * n)) "$two"
    [ "$two" -ge 50 ] || failed "$what: $two ms are too short to tell"
    if [ "$two" -le $((MOST * one)) ]; then ok; else failed "$what: $one ms at $n, $two ms at $((2 * n))"; fi
}

# Tables of N runs: two tasks and methods, a seed of its own each, 40 fractions.
rows() {
    awk -v n="$1" 'BEGIN {
        srand(1); print "task\tmethod\tseed\tacc\tfraction\tt"
        for (i = 0; i < n; i++)
            printf "%s\t%s\t%d\t%.4f\t%.3f\t%d\n", rand() < 0.5 ? "add" : "sub", rand() < 0.5 ? "taught" : "alone", i, rand(),
                   int(1 + 40 * rand()) / 40, int(1 + 30000 * rand()) }'
}
for n in 25000 50000 100000 200000; do rows $n > rows$n.tsv; done
cat > all.claims << 'END'
id: f.c1
says: x
where: method=taught
by: task
predicate: most(acc >= 0.5) and spearman(fraction, t) < 0

id: f.c2
says: x
per: task seed
let: a = min(t); b = median(acc)
predicate: all(b < a) and median(a | task = add) > 0
END
printf 'id: f.c1\nsays: x\nby: seed\npredicate: most(acc >= 0.5)\n' > by.claims
grows 'grok-claims, rows'          25000 grok-claims --claims all.claims rows@.tsv
grows 'grok-claims, values of by'  50000 grok-claims --claims by.claims rows@.tsv
grows 'grok-stat slope, seeds'    100000 grok-stat slope fraction t -i rows@.tsv
grows 'grok-stat logistic, seeds' 100000 grok-stat logistic fraction acc --level 0.5 -i rows@.tsv
grows 'grok-stat spearman, rows'  100000 grok-stat spearman fraction t -i rows@.tsv
grows 'grok-stat median, levels'   25000 grok-stat median t --by seed -i rows@.tsv
grows 'grok-rows, rows'            50000 grok-rows rows@.tsv --define 'd=acc-fraction' --where 'd > 0 and task=add' --sort task,-t
grows 'grok-rows, keys'            25000 grok-rows rows@.tsv --join rows@.tsv --key task,method,seed,acc,fraction,t

# A run of N records: the smallest there is, recorded at every step.
for n in 100000 200000; do
    grok-train --task add --prime 5 --fraction 0.5 --d-model 4 --n-head 1 --d-mlp 4 --log-every 1 --steps $n \
        --threads 1 -q -o run$n.h5 || failed 'cannot train'
done
grows 'grok-detect, records'      100000 grok-detect run@.h5
grows 'grok-log, records'         100000 grok-log -m test_acc run@.h5
finish
