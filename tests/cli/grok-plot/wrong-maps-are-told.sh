# Every wrong request for a map gets one clear line and the right exit status.
. "$TOP/tests/cli/expect.bash"
printf 'run\talpha\tsize\tmessiness\tseed\tstep\tz\tname\n' > t.tsv
printf '0\t0\t10\t0\t0\t9\t-1\tx\n1\t1\t10\t0\t0\t9\t2\tx\n2\t1\t100\t0\t0\t9\t3\ty\n' >> t.tsv
map=(t.tsv --heatmap z -x alpha -y size --term)
fails 2 '--heatmap needs --x and --y' grok-plot t.tsv --heatmap z --term
fails 2 '--heatmap needs --x and --y' grok-plot t.tsv --heatmap z -x alpha --term
fails 2 "'--contours' has no effect here: it is for maps (--heatmap)" grok-plot t.tsv -y z --contours 1 --term
fails 2 "'--path' has no effect here: it is for maps (--heatmap)" grok-plot t.tsv -y z --path t.tsv --term
fails 2 "'--each' has no effect here: it is for curves" grok-plot "${map[@]}" --each
fails 2 "--contours '1,x'" grok-plot "${map[@]}" --contours 1,x
fails 2 "--contours '1,1': 1 twice" grok-plot "${map[@]}" --contours 1,1
fails 2 '--by in a map draws --contours' grok-plot "${map[@]}" --by seed
fails 2 '--log-colour and --colour-power' grok-plot "${map[@]}" --log-colour --colour-power 2
fails 2 '--colour-power' grok-plot "${map[@]}" --colour-power 0
fails 2 "--zrange '0:1': 0 has no place on this scale" grok-plot "${map[@]}" --log-colour --zrange 0:1
fails 2 "--mark 'A': expected NAME=X,Y" grok-plot "${map[@]}" --mark A
fails 2 "--mark 'A=1': expected NAME=X,Y" grok-plot "${map[@]}" --mark A=1
fails 2 "--mark 'A=1,b'" grok-plot "${map[@]}" --mark A=1,b
fails 2 "--mark-x 'w=x'" grok-plot "${map[@]}" --mark-x w=x
fails 2 '--log-y and --linear-y' grok-plot "${map[@]}" --log-y --linear-y
fails 2 "no column 'error' in 't.tsv': it has run alpha" grok-plot t.tsv --heatmap error -x alpha -y size --term
fails 2 "no column 'n' in 't.tsv'" grok-plot t.tsv --heatmap z -x n -y size --term
fails 1 "cannot draw column 'name' of 't.tsv': it holds text" grok-plot t.tsv --heatmap z -x name -y size --term
fails 1 "'alpha' is 0 in 't.tsv', which has no place on a logarithmic axis" grok-plot "${map[@]}" --log-x
fails 1 "a value of 't.tsv' is -1: --colour-power" grok-plot "${map[@]}" --colour-power 0.5
fails 1 "mark 'A': x is 7, outside of the figure" grok-plot "${map[@]}" --mark A=7,10
fails 1 "mark 'line': y is 1e+06, outside" grok-plot "${map[@]}" --mark-y 1e6
printf 'a\tb\n1\t2\n' > p.tsv
fails 2 "no column 'alpha' in 'p.tsv'" grok-plot "${map[@]}" --path p.tsv
fails 1 "cannot open 'none.tsv'" grok-plot "${map[@]}" --path none.tsv

# A cell must not mix what the figure does not show.
{ cat t.tsv; printf '3\t1\t100\t0.5\t0\t9\t4\tz\n'; } > mixed.tsv
fails 1 "column 'messiness' of 'mixed.tsv' varies within cells of alpha and size: name it with --panel" grok-plot \
    mixed.tsv --heatmap z -x alpha -y size --term
grok-plot mixed.tsv --heatmap z -x alpha -y size --panel messiness --term > out
{ cat t.tsv; printf '2\t1\t100\t0\t0\t99\t4\tz\n'; } > history.tsv
fails 1 "'history.tsv' has 2 rows of one run at alpha 1, size 100: a map is drawn of a table with one row per run" grok-plot \
    history.tsv --heatmap z -x alpha -y size --term
printf 'x\ty\tz\n1\t1\t\n2\t1\t\n' > empty.tsv
fails 1 "nothing to draw in 'empty.tsv': no cell has a number" grok-plot empty.tsv --heatmap z -x x -y y --term
printf 'x\ty\tz\n1\t1\t0\n2\t1\t-1\n' > low.tsv
fails 1 "nothing to draw in 'low.tsv': no value is positive" grok-plot low.tsv --heatmap z -x x -y y --term --log-colour
printf 'x\ty\tz\n1\t2\n' | fails 1 'line 2 has 2 cells, the header has 3' grok-plot - --heatmap z -x x -y y --term
awk 'BEGIN { OFS = "\t"; print "x", "y", "z"; for (i = 0; i < 600; i++) print i, i * i, 1 }' > scatter.tsv
fails 1 "'scatter.tsv' has 600 values of x and 600 of y: too many for a map" grok-plot scatter.tsv --heatmap z -x x -y y --term
