# Where `per` makes a row of every group, a group without a value may be what decides: a number of several groups is then none,
# unless '|' passes over such groups.  (The smallest of both networks' gains is not that of the one that was run.)
. "$TOP/tests/cli/expect.bash"
{ printf 'net\tfar\tacc\n'; printf '%s\t%s\t%s\n' mlp 0 0.9 mlp 1 0.5 encoder 1 0.6; } > t.tsv
is() {
    printf 'id: f.c1\nsays: x\nper: net\nlet: gain = median(acc | far = 0) - median(acc | far = 1)\n%b\n' "$2" > c.claims
    grok-claims --claims c.claims t.tsv > v.tsv
    [ "$(tail -n 1 v.tsv | cut -f 8)" = "$1" ] || { cat v.tsv; return 1; }
}
for number in 'min(gain)' 'max(gain)' 'median(gain)' 'mean(gain)' 'share(gain > 0)' 'n(gain > 0)'; do
    is SKIP "predicate: $number > 0"
    grep -q '\[encoder: gain=nan\]' v.tsv
done
is SKIP 'predicate: spearman(gain, gain) > 0'
is SKIP 'predicate: spearman(1, gain) > 0'
is SKIP 'predicate: argmax(1, gain) > 0'
is PASS 'predicate: min(gain | gain > -1) > 0 and share(gain > 0 | gain > -1) = 1'
is INCONCLUSIVE 'predicate: all(gain > 0)'
is FAIL 'predicate: all(gain > 1)'
is PASS 'where: net = mlp\npredicate: min(gain) > 0'
# of single runs, what has no value is left out: "never" has one, inf
printf 'id: f.c1\nsays: x\npredicate: min(gap) > 1\n' > c.claims
printf 'seed\tgap\n0\t2\n1\tnan\n2\tinf\n' > t.tsv
grok-claims --claims c.claims t.tsv | tail -n 1 | cut -f 8 | grep -q PASS
