# A table is drawn as what the file's name says, from a file or a pipe, and the same each time.
{
    printf '# made by hand\nrun\tseed\twidth\tstep:updates\ttrain_acc\ttest_acc\n'
    for run in 0 1 2 3; do
        for step in 0 1 10 100 1000; do
            printf '%d\t%d\t%d\t%d\t0.%d\t0.%d\n' $run $((run % 2)) $((run > 1 ? 128 : 64)) "$step" $((${#step} + run)) ${#step}
        done
    done
} > t.tsv
grok-plot t.tsv -o t.svg
grok-plot t.tsv -o t.png
grok-plot t.tsv -o t.PDF
[ "$(head -c 5 t.svg)" = '<?xml' ]
[ "$(head -c 4 t.png | tail -c 3)" = PNG ]
[ "$(head -c 5 t.PDF)" = '%PDF-' ]
for text in 'optimiser steps' accuracy 'width 64' 'width 128' train test 'median and range of 2 runs each'; do
    grep -qF ">$text<" t.svg || { echo "not in the figure: $text"; exit 1; }
done
grok-plot - -o - --format svg < t.tsv | cmp - t.svg
grok-plot <(cat t.tsv) -o u.svg
cmp u.svg t.svg

grok-plot t.tsv -o each.svg --each --by none
grep -qF '>4 runs<' each.svg
grok-plot t.tsv -o width.svg -x width -y test_acc --by step --style linespoints --title 'of width' --ylabel share
grep -qF '>of width<' width.svg
grep -qF '>share<' width.svg
grep -qF '>optimiser steps 100<' width.svg
