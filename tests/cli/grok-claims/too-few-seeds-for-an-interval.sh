# A statistic with an interval over seeds (spearman, dcrit, threshold, slope) that has none, of one seed or of seeds that say too
# little each, is judged as it comes, and it is said that it has none; as well through `let`, a condition of groups, or a
# difference.  Rows that are no seeds lack none, nor does a claim that asks for one seed, nor one about every seed by itself.
. "$TOP/tests/cli/expect.bash"
# rows SEED...: three points each
rows() {
    printf 'net\tseed\tx\ty\n'
    for seed; do
        printf '%s\t%s\t%s\t%s\n' a "$seed" 1 1 a "$seed" 2 "2$seed" a "$seed" 4 40 b "$seed" 1 9 b "$seed" 2 50 b "$seed" 4 60
    done
}
is() {
    printf 'id: f.c1\nsays: x\n%b\n' "$3" > c.claims
    grok-claims --claims c.claims t.tsv | tail -n 1 | cut -f 8,10 > found
    printf '%s\t%s\n' "$1" "$2" | diff - found || { cat c.claims; return 1; }
}
order='where: net = a\npredicate: spearman(x, y) >= 0.8'
each() {
    is PASS "$1" "$order"
    is FAIL "$1" 'where: net = a\npredicate: spearman(x, y) <= -0.8'
    is PASS "$1" 'predicate: dcrit(x, y > 30 | net = a) > 1'
    is PASS "$1" 'predicate: threshold(x, y > 30 | net = a) > 1'
    is PASS "$1" 'predicate: slope(x, y | net = a) > 0'
    is PASS "$1" 'predicate: abs(ln(slope(x, y | net = a))) * 2 < 9'
    is PASS "$1" 'predicate: abs(slope(x, y | net = a) - slope(x, y | net = b)) < 9'
    for c in 'max(way) > 0' 'all(way > 0)' 'n(way > 0) = 2' 'if min(way) > 0 then max(way) > 0 else 1 = 0'; do
        is PASS "$1" "per: net\nlet: way = spearman(x, y); twice = 2 * \$way\npredicate: $c"
    done
    is PASS "$1" 'let: way = slope(x, y | net = a); twice = 2 * $way\npredicate: min(twice) > 0'
    is PASS "$1" 'per: x\nlet: t = median(y | net = a)\npredicate: spearman(x, t) > 0'
}
rows 0 > t.tsv
each 'an interval (1 seed has none)'
rows 0 > one.tsv
rows 0 1 > t.tsv
each ''
# what decides without it lacks nothing
cp one.tsv t.tsv
is PASS '' 'predicate: spearman(x, y | net = a) > 0 or max(y) > 0'
is FAIL '' 'predicate: spearman(x, y | net = a) > 0 and max(y) < 0'
is FAIL '' 'per: net\nlet: way = spearman(x, y); top = max(y)\npredicate: all(way > 0 and top < 0)'
# seeds that have two points each have no order of their own
rows 0 1 2 | sed '/^a\t0\t1\t/d; /^a\t1\t2\t/d; /^a\t2\t4\t/d' > t.tsv
is PASS 'an interval (3 seeds have none)' "$order"

cp one.tsv t.tsv
for c in "$order" 'predicate: threshold(x, y > 30 | net = a) > 1'; do
    is PASS '' "seeds: 1\n$c"
done
for c in 'most(way > 0)' 'min(way) > 0'; do
    is PASS '' "per: seed\nlet: way = spearman(x, y | net = a)\npredicate: $c"
done
cut -f 1,3,4 one.tsv > t.tsv
each ''
awk -F '\t' -v OFS='\t' 'NR > 1 { $2 = "" } { print }' one.tsv > t.tsv
each ''
