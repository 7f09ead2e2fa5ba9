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
none=$(printf 'nan\tnan\tno interval: it takes 5 seeds')
rows median t --by method > medians.tsv
[ "$(cat medians.tsv)" = "$(printf 'taught\t3\t2\t0\t200\t100\tinf\t%s\nalone\t2\t0\t0\tinf\tinf\tinf\t%s' "$none" "$none")" ]
[ "$(rows median acc --where 'task=add and method=taught')" = "$(printf '2\t2\t0\t0.975\t0.97\t0.98\t%s' "$none")" ]
[ "$(rows quantile acc --quantile 1)" = "$(printf '5\t0.98')" ]
[ "$(rows count t)" = "$(printf '5\t2\t0')" ]
# a slope of 2 by construction, the same for both seeds
printf 'seed\tx\ty\n0\t1\t3\n0\t10\t300\n1\t1\t5\n1\t10\t500\n' | grok-stat slope x y | grep -q "$(printf '^4\t2\t2\t0\t2\t2\t$')"
printf 'seed\tx\ty\n0\t0.1\t0\n0\t0.2\t0\n1\t0.3\t1\n1\t0.4\t1\n' | grok-stat logistic x y | grep -q "$(printf '^4\t0.25\t')"
printf 'x\ty\n1\t9\n2\t4\n3\tinf\n4\tinf\n' | grok-stat spearman x y --json | grep -q '"rho": 0.737865'
fails 2 "no statistic 'mode'" grok-stat mode t -i t.tsv
fails 2 "statistic 'slope' takes two columns" grok-stat slope t -i t.tsv
fails 1 "holds texts" grok-stat median task -i t.tsv
fails 2 "no column 'nope'" grok-stat median nope -i t.tsv
fails 2 "not understood" grok-stat median t --where 'acc > ]' -i t.tsv
# k of n, and what changes between two methods: of the same seeds, and of others
rows share acc --level 0.97 --by method > share.tsv
grep -qx "$(printf 'taught\t3\t2\t0.666667\t0.147964\t0.958392\t')" share.tsv
grep -qx "$(printf 'alone\t2\t0\t0\t0\t0.65762\t')" share.tsv
printf 'm\tseed\ty\n' > c.tsv
for seed in 0 1 2 3 4; do printf 'a\t%s\t%s\nb\t%s\t%s\nc\t9\t7\n' $seed $seed $seed $((3 * seed + 2)); done >> c.tsv
[ "$(grok-stat change m y --between a,b -i c.tsv | tail -n 1)" = "$(printf '10\t6\t5\t0\t0.0625\t2\t10\t')" ]
[ "$(grok-stat change m y --between b,a -i c.tsv --where 'seed < 4' | tail -n 1 | cut -f 2)" = -5 ]
grok-stat change m y --between a,b -i c.tsv --where 'seed > 0 or m = b' | tail -n 1 | grep -q "$(printf '^9\t5.5\t0\t')"
fails 2 "needs '--between A,B'" grok-stat change method t -i t.tsv
fails 2 "'--between' takes two different values of 'method'" grok-stat change method t --between taught -i t.tsv
fails 2 "'--between' is for statistics 'change' and 'cross'" grok-stat median t --between a,b -i t.tsv
# several rows of a seed say less than so many seeds: the interval is over the seeds
printf 'seed\ty\n' > runs.tsv
for seed in 0 1 2 3 4; do printf "$seed\\t%s\\n" $seed $seed $((seed + 10)); done >> runs.tsv
[ "$(grok-stat median y -i runs.tsv | tail -n 1)" = "$(printf '15\t15\t0\t3\t0\t14\t0\t4\t')" ]
grok-stat median y -i runs.tsv --where 'seed < 4' | grep -q 'no interval: it takes 5 seeds'
printf 'seed\ty\n0\t1\n0\t1\n0\t1\n1\t0\n1\t0\n1\t0\n' > alike.tsv
[ "$(grok-stat share y --level 1 -i alike.tsv | tail -n 1)" = "$(printf '6\t3\t0.5\t0.0945312\t0.905469\t')" ]    # as 1 of 2
[ "$(cut -f 2 alike.tsv | grok-stat share y --level 1 | tail -n 1 | cut -f 4)" = 0.187616 ]                       # 3 of 6
# what has no value is left out, and counted
printf 'm\ty\na\t1\na\tnan\na\tinf\nb\tnan\n' > nan.tsv
[ "$(grok-stat count y --by m -i nan.tsv 2> note | tail -n 2)" = "$(printf 'a\t2\t1\t1\nb\t0\t0\t1')" ]
grep -q '2 of 4 rows have no value and are left out' note
grok-stat median y -i nan.tsv 2> note | grep -q "$(printf '^2\t1\t2\tinf\t1\tinf\t')"
grep -q '2 of 4 rows' note
grok-stat median y -i nan.tsv --where 'm = a and y > 0' 2> note > /dev/null
[ ! -s note ]
# two curves of a seed cross at 2.25, those of another at 1.9; a row without a partner counts nowhere
printf '%s\n' kind,x,z,seed a,1,1,0 a,2,2,0 a,3,3,0 b,1,2,0 b,2,2.2,0 b,3,2.4,0 b,4,9,0 a,1,1,1 a,3,3,1 b,1,1.9,1 \
    b,3,1.9,1 > cross.csv
[ "$(grok-stat cross kind x z --between a,b -i cross.csv | cut -f 2,3 | tail -n 1)" = "$(printf '2.075\t2')" ]

# --help tells every statistic that there is
grok-stat nonsense x 2> known || true
sed 's/.*there are //; s/ (.*//; s/, /\n/g' known | while read -r name; do
    grok-stat --help | grep -qE "^  ([a-z]+, )?$name(,| )" || { echo "not in --help: $name"; exit 1; }
done
