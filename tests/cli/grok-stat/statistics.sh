# Statistics of a small table, by hand; and what is wrong with a request.
. "$TOP/tests/cli/expect.bash"
cat > t.tsv << 'END'
task	method	seed	acc	fraction	t
add	taught	0	0.98	0.2	100
add	taught	1	0.97	0.3	200
add	alone	0	0.01	0.2	inf
add	alone	1	0.02	0.3	inf
subtract	taught	0	0.5	0.2	inf
END
rows() { grok-stat "$@" -i t.tsv | grep -v '^#' | tail -n +2; }
[ "$(rows median t --by method)" = "$(printf 'taught\t3\t2\t200\t100\tinf\nalone\t2\t0\tinf\tinf\tinf')" ]
[ "$(rows median acc --where 'task=add and method=taught')" = "$(printf '2\t2\t0.975\t0.97\t0.98')" ]
[ "$(rows quantile acc --quantile 1)" = "$(printf '5\t0.98')" ]
[ "$(rows count t)" = "$(printf '5\t2')" ]
# a slope of 2 by construction, the same for both seeds
printf 'seed\tx\ty\n0\t1\t3\n0\t10\t300\n1\t1\t5\n1\t10\t500\n' | grok-stat slope x y | grep -q "$(printf '^4\t2\t2\t2\t2')"
printf 'seed\tx\ty\n0\t0.1\t0\n0\t0.2\t0\n1\t0.3\t1\n1\t0.4\t1\n' | grok-stat logistic x y | grep -q "$(printf '^4\t0.25\t')"
printf 'x\ty\n1\t9\n2\t4\n3\tinf\n4\tinf\n' | grok-stat spearman x y --json | grep -q '"rho": 0.737865'
fails 2 "no statistic 'mode'" grok-stat mode t -i t.tsv
fails 2 "statistic 'slope' takes two columns" grok-stat slope t -i t.tsv
fails 1 "holds texts" grok-stat median task -i t.tsv
fails 1 "no column 'nope'" grok-stat median nope -i t.tsv
fails 2 "not understood" grok-stat median t --where 'acc > ]' -i t.tsv
