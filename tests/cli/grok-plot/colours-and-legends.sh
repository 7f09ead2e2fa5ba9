# Colours by value or by run, own ones, see-through ones; the legend where it is asked for, or none.
. "$TOP/tests/cli/expect.bash"
{ echo 'run weight_decay seed step test_acc'; for r in 0 1 2 3 4 5; do for s in 1 10 100; do
    echo "$r 0.$((r / 2 + 1)) $((r % 2)) $s 0.$r${#s}"; done; done; } | tr ' ' '\t' > t.tsv
colours() { tr -d ' ' < "$1" | grep -o "stroke='rgb([0-9,]*)'" | sort -u | grep -c .; }
has() { tr -d ' ' < "$1" | grep -q "stroke='rgb($2)'"; }
grok-plot t.tsv --each --colour-by weight_decay -o value.svg
has value.svg 68,1,84 && has value.svg 253,231,37 || exit 1    # the ends of the scale
grep -qF '>weight decay<' value.svg
grep -qF '>0.15<' value.svg
[ "$(grep -c '>weight decay 0.1<' value.svg)" = 0 ]            # the bar says it
grok-plot t.tsv --each --colour-by seed -o seed.svg
grep -qF '>seed 1<' seed.svg
has seed.svg 0,114,178 && has seed.svg 213,94,0 || exit 1
grok-plot t.tsv --palette '#111111,#222222,#333333' -o own.svg
has own.svg 17,17,17 && has own.svg 51,51,51 || exit 1
grok-plot t.tsv --each --by none --opacity 0.25 -o faint.svg
grep -q "<path stroke='rgb(  0, 114, 178)' opacity='0.25'" faint.svg
grok-plot t.tsv --legend none -o none.svg
[ "$(grep -c '>weight decay' none.svg)" = 0 ]
legend_at() {
    awk '/<g transform="translate\(/ { at = $0 } />weight decay 0.2</ { gsub(/.*translate\(|\).*/, "", at); print at }' "$1"
}
grok-plot t.tsv --legend inside --title '' -o inside.svg
legend_at inside.svg | awk -F, '{ exit !($1 < 200 && $2 < 90) }'    # data are low, and right
grok-plot t.tsv --legend right -o right.svg
legend_at right.svg | awk -F, '{ exit !($1 > 600) }'
grok-plot t.tsv --legend bottom-left -o corner.svg
legend_at corner.svg | awk -F, '{ exit !($1 < 300 && $2 > 300) }'
fails 1 "column 'seed' of 't.tsv' varies within a curve" grok-plot t.tsv --by weight_decay --colour-by seed -o x.svg
fails 2 "no column 'nope'" grok-plot t.tsv --colour-by nope -o x.svg

# Of the curves that are not bold the bands stay, paler, and train curves are dashed with more line than gap.
grok-plot t.tsv --bold 'decay 0.1' -o bold.svg
[ "$(grep -c "fill-opacity *[=:] *['\"]0.1[08]" bold.svg)" = 3 ]
awk 'BEGIN { FS = OFS = "\t" } { print $0, NR == 1 ? "train_acc" : 1 }' t.tsv > pair.tsv
grok-plot pair.tsv -y train_acc,test_acc --by none -o one.svg
[ "$(grep -c dasharray one.svg)" = 0 ]
grok-plot pair.tsv -y train_acc,test_acc -o dashed.svg
grep -o "dasharray='[0-9.,]*'" dashed.svg | tr "',=" ' ' | awk '$2 < 2 * $3 { bad = 1 } END { exit bad || NR < 3 }'
