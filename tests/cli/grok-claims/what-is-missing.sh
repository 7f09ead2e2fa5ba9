# At paper scale most is 4 of 5 seeds; fewer seeds, a part of a grid and values that a claim needs decide nothing, and it is said
# what is missing; but where one value of `by` fails, another that is missing makes it no better.
. "$TOP/tests/cli/expect.bash"
claim() { printf 'every: task = $tasks\n\nid: f.c1\nsays: x\nby: task\n%b\n' "$1" > c.claims; }
# rows TASK ACC...: a seed each
rows() { local task=$1 seed=0 acc; shift; for acc; do printf '%s\t%s\t%s\t%s\n' "$task" $((seed++)) "$acc" 0.2; done; }
table() { { printf 'task\tseed\tacc\tsize\n'; cat; } > t.tsv; }
verdict() {
    grok-claims --claims c.claims --scale paper --set "tasks=${tasks:-add subtract}" --set n=3 t.tsv > v.tsv
    tail -n 1 v.tsv | cut -f 7,8,10
}
is() { verdict > found; printf '%s\t%s\t%s\n' "$1" "$2" "$3" | diff - found; }

claim 'predicate: most(acc >= 0.95)'
{ rows add 1 1 1 1 0; rows subtract 1 1 0 1 1; } | table
is 5 PASS ''
{ rows add 1 1 1 0 0; rows subtract 1 1 1 1 1; } | table
is 5 FAIL ''
{ rows add 1 1 0; rows subtract 1 1; } | table
is 2 INCONCLUSIVE 'add: 3 of 5 seeds; subtract: 2 of 5 seeds'
# an operator of which there is nothing: a PASS of the other is none, a FAIL is
rows add 1 1 1 1 1 | table
is 5 INCONCLUSIVE 'task: no subtract'
tasks=add is 5 PASS ''
rows add 0 0 0 0 0 | table
is 5 FAIL 'task: no subtract'
# values that the claim itself needs, or so many of them
claim 'needs: size = 0.20 0.3 0.4\npredicate: most(acc >= 0.95)'
{ rows add 0 0 0 0 0; rows subtract 1 1 1 1 1; } | table
is 5 INCONCLUSIVE 'size: no 0.3 0.4'
claim 'needs: size = 3 values; seed = 5 values\npredicate: most(acc >= 0.95)'
is 5 INCONCLUSIVE 'size: 1 of 3 values'
claim 'needs: size = $n values; task = nope\npredicate: most(acc >= 0.95)'
is 5 INCONCLUSIVE 'size: 1 of 3 values; task: no nope'
# a grid without holes: every task with its values
claim 'needs: task = add subtract with seed = 3 values\npredicate: most(acc >= 0.95)'
{ rows add 1 1 1 1 1; rows subtract 1 1 1 1 1; } | table
is 5 PASS ''
{ rows add 1 1 1 1 1; rows subtract 1 1 1 1 1 | sed '2,4d'; } | table
is 2 INCONCLUSIVE 'subtract: 2 of 5 seeds; task subtract, seed: 2 of 3 values'
claim 'seeds: 1\nneeds: seed = 5 values with size = 0.2 with task = subtract\npredicate: most(acc >= 0.95)'
is 2 INCONCLUSIVE 'seed 1, size 0.2, task: no subtract'
# ... a FAIL at one place of it is none the better for another that is missing, where each must hold by itself
printf 'task\tseed\tacc\tsize\nadd\t0\t0\t0.2\nadd\t0\t1\t0.3\nsubtract\t0\t1\t0.2\n' > t.tsv
claim 'seeds: 1\nneeds: task = add subtract with size = 2 values\npredicate: min(acc) >= 0'
is 1 INCONCLUSIVE 'task subtract, size: 1 of 2 values'
claim 'seeds: 1\nneeds: task = add subtract with size = 2 values\npredicate: all(acc >= 0.95)'
is 1 INCONCLUSIVE 'task subtract, size: 1 of 2 values'
sed 's/^by: task/by: task size/' c.claims > d.claims && mv d.claims c.claims
is 1 FAIL 'task subtract, size: 1 of 2 values'
# seeds of a parameter: what the scale has
claim 'seeds: $n\npredicate: most(acc >= 0.95)'
{ rows add 1 1 1; rows subtract 1 1 1 1; } | table
is 3 PASS ''
{ rows add 1 1 1; rows subtract 1 1; } | table
is 2 INCONCLUSIVE 'subtract: 2 of 3 seeds'
# a claim that asks for one seed, as of maps, has what it asks for
claim 'seeds: 1\npredicate: most(acc >= 0.95)'
{ rows add 1; rows subtract 1; } | table
is 1 PASS ''
grok-claims --markdown v.tsv | grep -q '| 1 | 0 | PASS | of add subtract |  |  |  |  |$'

# ... and how much of each there is, of what lacks some; a value that is asked for twice is one, and more than so many count for
# nothing where others are too few
grid() {
    claim "$2"
    grok-claims --claims c.claims --set 'tasks=add subtract' --set n=3 t.tsv > v.tsv
    [ "$(grok-rows --select grid v.tsv | tail -n 1)" = "$1" ] || { cat v.tsv; return 1; }
}
{ rows add 1 1 1 1; rows subtract 1; } | table
grid '' 'predicate: most(acc >= 0.95)'
grid '1 of 3' 'needs: size = 0.20 0.3 0.4\npredicate: most(acc >= 0.95)'
grid '' 'needs: size = 0.2 0.20\npredicate: most(acc >= 0.95)'
grid '4 of 6; 1 of 2' 'needs: task = add subtract with seed = $n values; seed = 2 values; size = 0.2 1\npredicate: all(acc > 0)'
rows add 1 | table
grid '1 of 2' 'predicate: most(acc >= 0.95)'
grid '1 of 2; 0 of 4' 'needs: size = 0.3 0.4 with seed = 2 values\npredicate: all(acc > 0)'
grok-claims --markdown v.tsv | grep -q '| INCONCLUSIVE | task: no subtract; size: no 0.3 0.4; grid: 1 of 2; 0 of 4; of add |'
grid '' 'where: acc > 5\nneeds: size = 9\npredicate: most(acc >= 0.95)'
# a claim without rows is SKIP, whatever it needs
claim 'where: acc > 5\nneeds: size = 9\npredicate: most(acc >= 0.95)'
is 0 SKIP ''

wrong() { claim "$1"; fails 1 "$2" grok-claims --claims c.claims --set tasks=add t.tsv; }
wrong 'needs: sise = 3 values\npredicate: most(acc > 0)' "no table has a column 'sise' (did you mean 'size'?)"
wrong 'seeds: $m\npredicate: most(acc > 0)' "no parameter '\$m' (give --set m=...)"
wrong 'seeds: $tasks\npredicate: most(acc > 0)' "'seeds' is 'add', expected a number of at least 1"
wrong 'needs: size\npredicate: most(acc > 0)' "expected 'COLUMN = VALUE VALUE ...' in 'needs', found 'size'"
wrong 'needs: size = $m values\npredicate: most(acc > 0)' "no parameter '\$m' (give --set m=...)"
claim 'predicate: most(acc > 0)'
fails 1 "no parameter '\$tasks'" grok-claims --claims c.claims t.tsv
printf 'every: task\n\nid: f.c1\nsays: x\npredicate: all(acc > 0)\n' > c.claims
fails 1 "line 1: expected 'every: COLUMN = TEXT TEXT ...', found 'task'" grok-claims --claims c.claims t.tsv
