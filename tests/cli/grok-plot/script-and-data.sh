# --script writes what gnuplot needs to draw the figure again, beside it: the same bytes, maps and panels too.
. "$TOP/tests/cli/expect.bash"
{ echo 'panel run step test_acc l2_norm'; for p in a b; do for r in 0 1; do for s in 1 10 100; do
    echo "$p $r $s 0.$r${#s} $((r + 2))"; done; done; done; echo 'b 1 1000 inf nan'; } | tr ' ' '\t' > t.tsv
again() {
    mkdir "$1.again"
    cp "$1.gp" "$1.dat" "$1.again"
    (cd "$1.again" && gnuplot --default-settings "$1.gp" && cmp "$1.svg" "../$1.svg")
}
mkdir sub
grok-plot t.tsv -y test_acc,l2_norm --panel panel --by none -o curves.svg --script
again curves
printf 'x\ty\tz\n1\t1\t1\n2\t1\t2\n1\t2\t3\n2\t2\tinf\n' > m.tsv
grok-plot m.tsv --heatmap z -x x -y y --contours 1.5 -o sub/map.svg --script
(cd sub && again map)
# a name that gnuplot would take for a command is a name
grok-plot t.tsv -o "| touch pwned; '.svg" --by none --script
cp -- "| touch pwned; '.gp" "| touch pwned; '.dat" sub
(cd sub && gnuplot --default-settings "./| touch pwned; '.gp" && cmp "| touch pwned; '.svg" "../| touch pwned; '.svg")
[ ! -e pwned ]
[ ! -e sub/pwned ]
fails 2 '--script writes FILE.gp and FILE.dat beside FILE' grok-plot t.tsv -o - --format svg --script
fails 2 '--script writes FILE.gp' grok-plot t.tsv -o x.dat --format svg --script
