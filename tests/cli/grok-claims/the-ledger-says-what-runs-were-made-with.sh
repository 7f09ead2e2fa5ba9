# A verdict says device, precision, program and data of the runs that its claim looks at, each different one once; verdicts of the
# same claim at other settings are its sensitivity.
tiny=(--task add --prime 5 --model mlp --widths 8 --steps 3)
grok-train "${tiny[@]}" --seed 0,1 -o a.h5 2> log
grok-train "${tiny[@]}" --seed 0 --precision fp64 -o b.h5 2>> log
grok-train "${tiny[@]}" --prime 7 --seed 0 -o c.h5 2>> log
grok-detect -o runs.tsv curve=a a.h5 curve=b b.h5 curve=c c.h5
printf 'id: f.%s\nsays: x\nwhere: curve = %s\npredicate: all(step_end = 3)\n\n' c1 a c2 b > c.claims
printf 'id: f.c3\nsays: x\npredicate: all(step_end = 4)\n' >> c.claims
grok-claims --claims c.claims -o v.tsv runs.tsv
made() { grok-rows --where "id = $1" --select made v.tsv | tail -n 1; }
version=$(grok-train --version | head -n 1 | cut -d ' ' -f 3)
[[ "$(made f.c1)" =~ ^cpu,\ fp32,\ "grok-train $version",\ data\ [0-9a-f]{12}$ ]] || { made f.c1; exit 1; }
[[ "$(made f.c2)" =~ ^cpu,\ fp64,\ "grok-train $version",\ data\ [0-9a-f]{12}$ ]] || { made f.c2; exit 1; }
[ "$(made f.c3 | tr ';' '\n' | wc -l)" = 3 ]    # two precisions, two primes
[ "$(made f.c1 | sed 's/.*data //')" = "$(made f.c2 | sed 's/.*data //')" ]
grok-claims --claims c.claims --explain f.c2 runs.tsv | grep -q '^made on    cpu, fp64, grok-train'
# the ledger
sed 's/= 3/= 2/' c.claims > other.claims
grok-claims --claims other.claims --setting rate-up -o w.tsv runs.tsv
grok-claims --claims c.claims --scale paper --setting fp64 -o p.tsv runs.tsv
grok-claims -o ledger.tsv v.tsv w.tsv p.tsv
grok-rows --where 'id = f.c1' --select scale,setting,verdict,sensitivity ledger.tsv | grep -v '^#' > found
printf '%s\t%s\t%s\t%s\n' scale setting verdict sensitivity quick '' PASS 'rate-up: FAIL' quick rate-up FAIL "scale's own: PASS" \
    paper fp64 INCONCLUSIVE '' | diff - found
grok-claims --markdown ledger.tsv > ledger.md
grep -q '| f.c1 | quick |  | x |.*| 2 | 0..1 | PASS |  |  | rate-up: FAIL | cpu, fp32, grok-train .* |' ledger.md
grep -q '| f.c1 .* | \[1\](#commands) |$' ledger.md
# ... which seeds, and the very commands that trained them, each once
cell() { grok-rows --where "id = $1" --select "$2" v.tsv | tail -n 1; }
train() { echo "grok-train ${tiny[*]} $*"; }
[ "$(cell f.c1 seed_set)" = 0..1 ]
[ "$(cell f.c1 command)" = "$(train --seed 0,1 -o a.h5)" ]
[ "$(cell f.c3 command)" = "$(train --seed 0,1 -o a.h5); $(train --seed 0 --precision fp64 -o b.h5); $(
    train --prime 7 --seed 0 -o c.h5)" ]
grep -qxF "1. \`$(train --seed 0,1 -o a.h5)\`" ledger.md
[ "$(grep -c '^[0-9]*\. `' ledger.md)" = 3 ]
# ... of the rows that its aggregates read: not of those that a filter passes over, that have nothing of what is asked, or that
# made a row of a group which nobody reads
grok-rows --select curve,seed,loss=run runs.tsv > other.tsv
{
    printf 'id: r.filter\nsays: x\npredicate: all(step_end = 3 | curve = b)\n\n'
    printf 'id: r.column\nsays: x\npredicate: median(step_end | curve = b) = 3\n\n'
    printf 'id: r.by\nsays: x\nby: curve\npredicate: median(step_end | seed = 0) = 3\n\n'
    printf 'id: r.let\nsays: x\nlet: t = median(step_end | curve = b)\npredicate: min(t) = 3\n\n'
    printf 'id: r.group\nsays: x\nper: curve\nlet: t = median(step_end)\npredicate: all(t = 3 | curve = b)\n\n'
    printf 'id: r.two\nsays: x\npredicate: median(step_end | curve = b) >= median(step_end | curve = a)\n'
} > r.claims
grok-claims --claims r.claims -o v.tsv runs.tsv other.tsv
for id in filter column let group; do
    [ "$(cell r.$id seed_set)" = 0 ]
    [ "$(cell r.$id command)" = "$(train --seed 0 --precision fp64 -o b.h5)" ]
    [[ "$(cell r.$id made)" =~ ^cpu,\ fp64,[^\;]*$ ]]
done
[ "$(cell r.by seed_set)" = 0 ]
[ "$(cell r.two seed_set)" = 0..1 ]
[ "$(cell r.two command)" = "$(train --seed 0,1 -o a.h5); $(train --seed 0 --precision fp64 -o b.h5)" ]
# ... or, where the table that they read does not say what made it, of all rows that where selects
printf 'curve\twidth\nb\t1\nb\t2\n' > widths.tsv
printf 'id: r.width\nsays: x\nwhere: curve = b\npredicate: max(width) = 2\n' > w.claims
grok-claims --claims w.claims -o w.tsv runs.tsv widths.tsv
grok-rows --select seeds,command w.tsv | tail -n 1 | diff <(printf -- '-\t%s\n' "$(train --seed 0 --precision fp64 -o b.h5)") -
# ... and of which operators
printf 'task\toperator\tseed\tacc\nadd\t\t0\t1\nsubtract\ttimes\t0\t1\nadd\t\t1\t1\ndivide\t\t1\t0\n' > ops.tsv
{
    printf 'id: o.c1\nsays: x\npredicate: all(acc = 1 | not task = divide)\n\n'
    printf 'id: o.c2\nsays: x\npredicate: all(acc > 9 | seed > 9)\n'
} > o.claims
grok-claims --claims o.claims -o v.tsv ops.tsv
[ "$(cell o.c1 operators)" = 'add subtract times' ]
[ "$(cell o.c2 operators)" = '' ]
# what compares methods says how much each was tuned, or that nobody says it
{
    printf 'compares: method = the best of 9 rates each\n\n'
    for method in taught alone; do
        printf 'id: m.%s\nsays: x\nwhere: method = %s\npredicate: all(step_end = 3)\n\n' $method $method
    done
    printf 'id: m.both\nsays: x\npredicate: median(seed | method=taught) < median(seed | method = alone)\n\n'
    printf 'id: m.own\nsays: x\ntuned: one more than the other\n'
    printf 'let: a = median(seed | method=taught); b = n(seed > 0 | method=alone)\npredicate: all(a <= b)\n\n'
    for column in optimizer model net teachers; do
        printf 'id: m.%s\nsays: x\npredicate: max(seed | %s = adam) < max(seed | %s = sgd)\n\n' $column $column $column
    done
} > m.claims
{
    printf 'method\toptimizer\tmodel\tnet\tteachers\tseed\tstep_end\n'
    printf '%s\t%s\t%s\t%s\t%s\t%s\t3\n' taught adam adam adam adam 0 alone sgd sgd sgd sgd 1
} > m.tsv
grok-claims --claims m.claims -o v.tsv m.tsv
[ "$(cell m.taught tuned)$(cell m.alone tuned)" = '' ]
[ "$(cell m.both tuned)" = 'the best of 9 rates each' ]
[ "$(cell m.own tuned)" = 'one more than the other' ]
for column in optimizer model net teachers; do [ "$(cell m.$column tuned)" = 'not said' ]; done
# tables from before say nothing
sed 's/, grok-train [^,]*, cpu, fp32, data [0-9a-f]*//' runs.tsv > old.tsv
grok-claims --claims c.claims old.tsv | grep '^f.c1' | cut -f 11 | grep -qx ''
