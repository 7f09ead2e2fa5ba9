# Small multiples: a plot per value, one legend; what cannot share one is refused.
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
[ "$(grep -c '>AdamW<' p.svg)" = 2 ]    # the entry of the legend, and its name
[ "$(grep -c '>test accuracy<' p.svg)" = 1 ]
grok-plot t.tsv --by curve --panel panel -o p.png
grok-plot t.tsv --by curve --panel panel -o p.pdf
grep -v '^third.Adam+' t.tsv > other.tsv
! grok-plot other.tsv --by curve --panel panel -o q.svg 2> err
grep -q "panels 'add' and 'third' have different curves" err
! grok-plot t.tsv --panel nope -o q.svg 2> err
grep -q "no column 'nope'" err
! grok-plot t.tsv --panel panel --term 2> err
grep -q -- '--panel needs a file' err
[ ! -e q.svg ]
