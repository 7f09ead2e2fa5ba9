# Where texts stand in the picture: nothing is cut at an edge, numbers of neighbours keep apart, the caption is below the label.
# places FILE: x, y, anchor and text of every text
places() {
    awk '/<g transform="translate\(/ { match($0, /translate\([0-9.]*,[0-9.]*/)
                                     split(substr($0, RSTART + 10, RLENGTH - 10), at, ",")
                                     match($0, /text-anchor="[a-z]*/); anchor = substr($0, RSTART + 13, RLENGTH - 13) }
         /<text>/ { text = $0; gsub(/<[^>]*>|^[ \t]*/, "", text); print at[1], at[2], anchor, text }' "$1"
}
# place FILE TEXT: its x and y
place() { places "$1" | awk -v text="$2" '{ t = $0; sub(/^[^ ]* [^ ]* [^ ]* /, "", t) } t == text { print $1, $2; exit }'; }
below() { awk -v a="$1" -v b="$2" -v least="$3" 'BEGIN { split(a, p); split(b, q); exit !(p[2] >= q[2] + least) }'; }
{
    echo 'panel step test_acc l2_norm'
    for p in a b c; do for s in 1 10 100 1000 10000 100000; do echo "$p $s 0.5 $s"; done; done
} | tr ' ' '\t' > t.tsv
grok-plot t.tsv -y test_acc --by none --panel panel --size 800x500 --mark-x 'here=1000' -o p.svg \
    --caption "a caption that says what the runs are of, how many there are, how they were made, by whom, and when, and so much \
more that it would be wider than the figure is"
# three panels: 100k of one ends before the 1 of the next begins, and the last before the edge (each letter is 9 wide here)
places p.svg | awk '$4 == "100k" { end[n++] = $1 + 18 } $4 == "1" && $2 > 300 { start[m++] = $1 - 5 }
    END { exit !(n == 3 && m == 3 && end[0] < start[1] && end[1] < start[2] && end[2] <= 800) }'
label=$(place p.svg 'optimiser steps')
places p.svg | awk -v label="$label" 'BEGIN { split(label, at) } /a caption|the figure is/ { n++; bad += $2 < at[2] + 14 }
    END { exit bad || n != 2 }'
# the name of a line stands above the panel, its title above that
below "$(place p.svg here)" "$(place p.svg a)" 12
awk -v here="$(place p.svg here)" 'BEGIN { split(here, at); exit !(at[2] < 60) }'

# Metrics of two kinds have panels of their own, each with its label; a right axis has its numbers at the right.
grok-plot t.tsv -y test_acc,l2_norm --by none --panel panel -o kinds.svg
below "$(place kinds.svg 'parameter norm (L2)')" "$(place kinds.svg 'test accuracy')" 100
grok-plot t.tsv -y test_acc -y l2_norm --by none --panel panel -o twice.svg
cmp kinds.svg twice.svg
grok-plot t.tsv -y test_acc --y2 l2_norm --log-y2 --by none -o right.svg
awk -v left="$(place right.svg 'test accuracy')" -v right="$(place right.svg 'parameter norm (L2)')" \
    'BEGIN { split(left, a); split(right, b); exit !(a[1] < 40 && b[1] > 760) }'
grok-plot t.tsv -y test_acc,l2_norm --together --by none -o one.svg
grep -qF '>test accuracy, parameter norm (L2)<' one.svg

# Numbers of a logarithmic axis have one form.
{ echo 'x y'; for i in 1 2 3 4 5 6 7; do echo "$i 1e-$i"; done; } | tr ' ' '\t' > small.tsv
grok-plot small.tsv -x x -y y --by none --log-y -o small.svg
[ "$(places small.svg | grep -c '10-[1-7]$')" = 7 ]
[ "$(places small.svg | grep -c '0\.0\|e-')" = 0 ]
