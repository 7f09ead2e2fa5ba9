# A time or a support that runs into the end of training makes a claim INCONCLUSIVE and not FAIL, also through what `let` makes
# of it; what is known in spite of it is judged.  (Two seeds of usual training, 15,000 updates: the support of the second, 2711,
# runs to the end, and should be 2873.)
cat > t.tsv << 'END'
curve	seed	step_end	step_train_99	step_test_95	status	support	flags
usual	0	15000	133	9000	grok	7000	censored
usual	1	15000	140	inf	unsupported	2711	censored
constrained	0	15000	280	290	prompt	nan	-
constrained	1	15000	280	300	prompt	nan	-
END
verdict() {
    printf 'id: f.c1\nsays: x\n%b\n' "$1" > c.claims
    grok-claims --claims c.claims t.tsv | tail -n 1 | cut -f 8,10
}
is() { verdict "$1" > found; printf '%s\t%s\n' "$2" "$3" | diff - found; }
is 'where: curve = usual\npredicate: most(status = grok)' INCONCLUSIVE 'longer runs'
sed -i 's/2711\tcensored/2711\tlost/' t.tsv
is 'where: curve = usual\npredicate: most(status = grok)' FAIL ''
is 'where: curve = usual\npredicate: most(step_test_95 <= 15000)' FAIL ''
is 'where: curve = usual\npredicate: most(step_test_95 <= 20000)' INCONCLUSIVE 'longer runs'
let='per: seed\nlet: usual = median(step_test_95 | curve = usual); constrained = median(step_test_95 | curve = constrained)'
is "$let\npredicate: most(constrained <= 0.05 * usual)" PASS ''
is "$let\npredicate: most(constrained <= 0.01 * usual)" FAIL ''
sed -i '/usual\t0/d; s/constrained\t0.*/constrained\t1\t15000\t280\t290\tprompt\tnan\t-/' t.tsv
is "$let\npredicate: most(constrained <= 0.01 * usual)" INCONCLUSIVE 'longer runs'
is "$let; share = \$constrained / \$usual\npredicate: most(share <= 0.05)" PASS ''
is "$let; share = \$constrained / \$usual\npredicate: most(share <= 0.01)" INCONCLUSIVE 'longer runs'
