# timeout: 120
# Sizes, f and seeds of a SHIFT figure are replicas of one process and one shape group (but for train sets that are one batch),
# and figures share their runs; other readings of what the paper leaves open are other runs.
cd "$TOP"
for figure in pipelines/shift-*.sh; do BUILD=b RULES=runs SCALE=paper "$figure"; done > "$OLDPWD/runs"
cd "$OLDPWD"
cut -f 2 runs | sort -u > files
[ "$(wc -l < files)" = 13 ]    # four of them of the transformer, three of digits
groups() {    # NAME: of the runs, how many there are and in how many groups
    sed -n "s|^[^	]*	b/shift/paper/$1-s0..9.h5	-	[a-z]*	train.sh	||p" runs | head -n 1 > words
    IFS=$'\t' read -ra command < words
    "${command[@]}" --items 12000 --dry-run --timing=no -q -o x.h5 |
        awk -F '\t' 'NR > 1 { n++; group[$2] = 1 } END { for (g in group) m++; print n, m }'
}
[ "$(groups removed)" = '60 1' ]
[ "$(groups balanced)" = '60 2' ]
[ "$(groups strong)" = '60 1' ]
[ "$(groups near)" = '90 1' ]
[ "$(groups settings)" = '120 1' ]
[ "$(groups distances)" = '40 4' ]    # other items
# f = 0 and f = 0.2 of figure 3b are of one command: nothing else can differ
[ "$(grep -c '^shift-fig3b	' runs)" = 1 ]
grep '^shift-fig3b	' runs | grep -q '	--thin-to	0,0\.2	'
cd "$TOP"
BUILD=b RULES=runs READING='sigma=0.2 loss=ce' pipelines/shift-fig3b.sh |
    grep -q 'removed-sigma-0.2-loss-ce-s0..2.h5	.*	--sigma	0.2	--loss	ce	--seed	0..2$'
make -n BUILD="$OLDPWD/b" shift-fig4 SCALE=paper READING='sigma=0.2' | grep -c "train.sh .*near-sigma-0.2-s0..9.h5" | grep -qx 1
