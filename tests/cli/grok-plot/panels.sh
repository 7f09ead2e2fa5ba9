# Small multiples: a plot per value, one legend of all that any of them shows.
. "$TOP/tests/cli/expect.bash"
printf 'panel\tcurve\trun\tstep\ttest_acc\n' > t.tsv
for panel in add subtract third; do
    for curve in AdamW Adam+teacher; do
        for run in 0 1; do
            for step in 1 10 100; do printf '%s\t%s\t%s\t%s\t0.%s\n' $panel $curve $run $step "$step$run"; done
        done
    done
done >> t.tsv
grok-plot t.tsv --by curve --panel panel --caption 'below the figure' --bold teacher -o p.svg
for text in add subtract third AdamW Adam+teacher 'below the figure'; do grep -q ">$text<" p.svg; done
[ "$(grep -c '>AdamW<' p.svg)" = 1 ]
[ "$(grep -c '>test accuracy<' p.svg)" = 1 ]
grok-plot t.tsv --by curve --panel panel -o p.png
grok-plot t.tsv --by curve --panel panel -o p.pdf
# a curve that only one panel has stands in the legend, and others keep their colours
grep -v '^third.AdamW' t.tsv > other.tsv
grok-plot other.tsv --by curve --panel panel --band none -o other.svg
[ "$(grep -c '>AdamW<' other.svg)" = 1 ]
lines() { tr -d ' ' < other.svg | grep -c "rgb($1)"; }
[ "$(lines 213,94,0)" -gt "$(lines 0,114,178)" ]    # Adam+teacher, the second curve, is in all three panels, AdamW in two
fails 2 "no column 'nope'" grok-plot t.tsv --panel nope -o q.svg
fails 2 '--panel needs a file' grok-plot t.tsv --panel panel --term
