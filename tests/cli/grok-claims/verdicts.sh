# Verdicts on a small table: pass, fail, decided by what never happened, no data; and what is wrong with claims and tables.
. "$TOP/tests/cli/expect.bash"
cat > t.tsv << 'END'
task	method	seed	acc	fraction	t
add	taught	0	0.98	0.2	100
add	taught	1	0.97	0.3	200
add	alone	0	0.01	0.2	inf
add	alone	1	0.02	0.3	inf
subtract	taught	0	0.5	0.2	inf
END
cat > c.claims << 'END'
# comment
values: task = nope
values: method = none
   smoothed

id: f.c1
says: taught runs get there
where: method=taught
by: task
predicate: most(acc >= $level)

id: f.c2
says: earlier
where: task=add
predicate: median(t | method=taught) < median(t | method=alone) and
   n(acc>0.5) = 2

id: f.c3
says: spearman of fraction; dcrit
where: task=add
predicate: dcrit(fraction, acc > 0.5 | method=taught) < dcrit(fraction, acc>0.5 | method=alone)

id: f.c4
says: both never
predicate: median(t | method=alone) < median(t | task=subtract)

id: f.c5
says: nothing
where: task=nope
predicate: most(acc>0)
END
verdicts() { grok-claims --claims c.claims --set level=0.9 "$@" t.tsv | grep -v '^#' | cut -f 1,7,8; }
verdicts > found
printf '%s\t%s\t%s\n' id seeds verdict f.c1 1 FAIL f.c2 2 PASS f.c3 2 PASS f.c4 1 INCONCLUSIVE f.c5 0 SKIP > expected
diff expected found
# paper scale asks for five seeds: what has fewer is inconclusive, whether it held or not, and what is missing is said
verdicts --scale paper > found
printf '%s\t%s\t%s\n' id seeds verdict f.c1 1 INCONCLUSIVE f.c2 2 INCONCLUSIVE f.c3 2 INCONCLUSIVE f.c4 1 INCONCLUSIVE \
    f.c5 0 SKIP | diff - found
grok-claims --claims c.claims --set level=0.9 --scale paper t.tsv | grep '^f.c1' | cut -f 10 > found
echo 'add: 2 of 5 seeds; subtract: 1 of 5 seeds' | diff - found
# every value is told
grok-claims --claims c.claims --set level=0.9 t.tsv | grep -q 'add: most(acc >= $level) = 2 of 2 {0.98 0.97} / subtract: '
# one figure only, and tables of verdicts put together
grok-claims --claims c.claims --set level=0.9 --figure g t.tsv | grep -vc '^#' | grep -qx 1
grok-claims --claims c.claims --set level=0.9 -o v.tsv t.tsv
grok-claims v.tsv v.tsv | grep -c 'f.c1' | grep -qx 2
grok-claims --markdown v.tsv | grep -q '| PASS |'
# verdicts at other settings stand beside those at the defaults; tables from before there was such a column are read
grok-claims --claims c.claims --set level=0.9 --setting t4-a0.9 -o other.tsv t.tsv
cut -f 1,2,4- v.tsv > old.tsv
grok-claims old.tsv other.tsv | grep '^f.c2' | cut -f 1-3,8 > found
printf '%s\t%s\t%s\t%s\n' f.c2 quick '' PASS f.c2 quick t4-a0.9 PASS | diff - found

claim() { printf 'id: f.c1\nsays: x\npredicate: %s\n' "$1" > bad.claims; }
fails 1 "no parameter '\$level'" grok-claims --claims c.claims t.tsv
fails 2 "expected NAME=VALUE" grok-claims --claims c.claims --set level t.tsv
claim 'most(acc >= 1'
fails 1 "no ')'" grok-claims --claims bad.claims t.tsv
claim 'mist(acc >= 1)'
fails 1 "no aggregate 'mist'" grok-claims --claims bad.claims t.tsv
claim 'acc >= 1'
fails 1 "'acc' outside an aggregate" grok-claims --claims bad.claims t.tsv
claim 'median(acc)'
fails 1 'not a condition' grok-claims --claims bad.claims t.tsv
claim 'most(acc >= 1) ]'
fails 1 'not understood' grok-claims --claims bad.claims t.tsv
claim "$(printf '(%.0s' $(seq 200))"
fails 1 'too many brackets' grok-claims --claims bad.claims t.tsv
printf 'id: x\n' > bad.claims
fails 1 'a claim needs id, says and predicate' grok-claims --claims bad.claims t.tsv
printf 'what is this\n' > bad.claims
fails 1 "line 1: expected 'key: value', found 'what is this'" grok-claims --claims bad.claims t.tsv
printf 'id: f.c1\nsays: x\nby: nope\npredicate: most(acc>0)\n' > bad.claims
fails 1 "no table has a column 'nope'" grok-claims --claims bad.claims t.tsv
fails 1 "cannot open 'none'" grok-claims --claims none t.tsv
