# Infinite values are counted in the caption, a mark of UTF-8 makes no column vanish, and a rule does not hide what lies below it.
printf 'run\tx\ty\n0\t1\t5\n1\t2\tinf\n2\t3\t7\n3\t4\tinf\n' > t.tsv
draw() { grok-plot "$1" -x x -y y --by none --term --size 60x16 "${@:2}"; }
caption() { grok-plot - -x x -y y --by none -o - --format svg "$@"; }
caption < t.tsv | grep -q '2 of 4 values are infinite (triangles at the edge)'
caption --each < t.tsv | grep -q '4 runs; 2 of 4 values are infinite'
caption --caption mine < t.tsv | grep -q 'mine; 2 of 4 values are infinite'
grep -v inf t.tsv | caption > finite.svg
[ "$(grep -c infinite finite.svg)" = 0 ]
draw t.tsv > plain
{ printf '\357\273\277'; sed 's/$/\r/' t.tsv; } > marked.tsv
draw marked.tsv | cmp - plain
# of curves: every point is there with the rule, too
printf 'x\ty\n1\t1\n2\t3\n3\t2\n' > curve.tsv
draw curve.tsv | tr -cd '*' | wc -c > without
draw curve.tsv --mark-x crit=2 | tr -cd '*' | wc -c > with
cmp with without
# of maps: every second row shows what lies below
printf 'x\ty\tz\n' > map.tsv
for x in 1 2 3; do for y in 1 2 3; do printf '%s\t%s\t%s\n' $x $y $x; done; done >> map.tsv
grok-plot map.tsv --heatmap z -x x -y y --term --size 40x14 --mark-x 2 > map
n=$(grep -c '|.*|' map)
[ "$n" -gt 2 ]
[ "$n" -lt "$(grep -c '^ *[0-9.]* |' map)" ]
