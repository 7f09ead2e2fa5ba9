# A size in inches or centimetres is kept by every format, with letters and lines of the points that are asked for.
. "$TOP/tests/cli/expect.bash"
printf 'step\ttest_acc\n1\t0.1\n10\t0.5\n1000\t1\n' > t.tsv
grok-plot t.tsv --size 3.5in -o a.svg
grep -qx ' width="336" height="210"' a.svg    # 96 to the inch, 5 to 8
grep -q 'font-size="10.67"[^>]*>$' a.svg      # 8 points, of the label
grok-plot t.tsv --size 8.89x5.08cm --font-size 9 --line-width 3 -o b.svg
grep -qx ' width="336" height="192"' b.svg
grep -q 'font-size="12.00"' b.svg
grep -q 'stroke-width="4.00"' b.svg
grok-plot t.tsv --size 3.5x2in --dpi 300 -o c.png
[ "$(od -An -tu1 -j16 -N8 c.png | xargs)" = '0 0 4 26 0 0 2 88' ]    # 1050 x 600
grok-plot t.tsv --size 3.5x2in -o d.pdf
case $(grep -ao 'MediaBox \[[^]]*\]' d.pdf) in
'MediaBox [ 0 0 252 144 ]' | '') ;;    # cairo 1.18 packs it away
*) exit 1 ;;
esac
[ "$(head -c 5 d.pdf)" = '%PDF-' ]
# dots as before: everything in proportion, and no fixed size
grok-plot t.tsv --size 400x250 -o e.svg
grep -q 'viewBox="0 0 400 250"' e.svg
[ "$(grep -c '^ width=' e.svg)" = 0 ]
grep -q 'font-size="7.00"' e.svg
fails 2 "--size '3.5mm': expected WxH" grok-plot t.tsv -o f.svg --size 3.5mm
fails 2 "'--font-size' has no effect here: it is for files" grok-plot t.tsv --term --font-size 8
fails 2 "'--y2range' has no effect here: it is for a right axis" grok-plot t.tsv -o f.svg --y2range 0:1
fails 2 "--palette 'red': expected #rrggbb" grok-plot t.tsv -o f.svg --palette red
