# A table of x, y and a value is drawn as a map in every format: medians of cells, contours with their values, marks, panels.
. "$TOP/tests/cli/expect.bash"
{
    printf 'run\talpha\tsize:items\tseed\tsteps\ttrain_error\ttest_error\n'
    run=0
    for alpha in 0.1 1 10; do
        for size in 10 100 1000 10000; do
            for seed in 0 1 2; do
                # the third seed is far off, so a mean would show
                printf '%d\t%s\t%s\t%d\t9\t0.0%d\t%s\n' $((run++)) $alpha $size $seed $((seed + 1)) \
                    "$(awk -v a=$alpha -v s=$size -v k=$seed \
                        'BEGIN { print 0.1 * log(a * s) / log(10) + 0.2 + (k == 2 ? 0.3 : 0) }')"
            done
        done
    done
} > land.tsv
grok-plot land.tsv --heatmap test_error -x alpha -y size --contours 0.35,0.55 --mark A=1,200 --mark B=8,200 -o a.svg
for text in 'train items' 'test error' 0.35 0.55 A B 'median of 3 runs in a cell'; do
    grep -qF ">$text<" a.svg || { echo "not in the figure: $text"; exit 1; }
done
grok-plot - --heatmap test_error -x alpha -y size --contours 0.55,0.35 --mark A=1,200,B=8,200 -o - --format svg < land.tsv |
    cmp - a.svg
grok-plot land.tsv --heatmap test_error -x alpha -y size -o a.png
grok-plot land.tsv --heatmap test_error -x alpha -y size -o a.pdf
[ "$(head -c 4 a.png | tail -c 3)" = PNG ]
[ "$(head -c 5 a.pdf)" = '%PDF-' ]

# The median decides, in characters too; a cell without a run is blank.
awk 'NR == 1 || $2 * $3 != 1000 || $2 == 1' land.tsv > holes.tsv
grok-plot holes.tsv --heatmap test_error -x alpha -y size --contours 0.35,0.55 --mark A=1,100 --term --size 41x14 > map
cat > expected << END
train items
    10000 |          @@@@@@@@@@@@@@@@@@@@
          |          @@@@@@@@@@@@@@@@@@@@
     1000 |++++++++++++++++++++@@@@@@@@@@
          |++++++++++++++++++++@@@@@@@@@@
          |..........++++++++++
      100 |..........++++[A]+++
       10 |....................++++++++++
          |....................++++++++++
          +------------------------------
                0.1       1         10
alpha (weight norm / standard initial norm)
test error:  . below 0.35  + 0.35
    @ from 0.55
END
sed 's/ *$//' map | diff - expected

grok-plot land.tsv --heatmap train_error,test_error -x alpha -y size --contours 0.3 -o two.svg --title 'Two maps'
for text in 'train error' 'test error' error alpha 'Two maps'; do grep -qF ">$text<" two.svg; done
[ "$(grep -c '>error<' two.svg)" = 1 ]    # one colour bar
grok-plot land.tsv --heatmap test_error -x alpha -y size --panel seed -o seeds.svg
for text in 'seed 0' 'seed 1' 'seed 2'; do grep -qF ">$text<" seeds.svg; done
not grep -q 'median' seeds.svg
grok-plot land.tsv --heatmap test_error -x alpha -y size --panel seed --term > seeds
grep -q 'seed 2' seeds

# Other scales, lines, a path; what blur and infinite cells are is said.
printf 't\tx\ty\n0\t0.2\t20\n1\t2\t2000\n' > path.tsv
sed '2s/[0-9.]*$/inf/;3s/[0-9.]*$/inf/' land.tsv > infinite.tsv
grok-plot infinite.tsv --heatmap test_error -x alpha -y size --colour-power 0.333 --blur 1 --mark-x 'w_c=2,3' --mark-y 50 \
    --path path.tsv --zrange 0: -o b.svg
grep -qF '>median of 3 runs in a cell, blurred, sigma 1, grey: infinite<' b.svg
grep -qF '>w_c<' b.svg
grok-plot land.tsv --heatmap test_error -x alpha -y size --log-colour --linear-x --linear-y -o c.svg
grok-plot land.tsv --heatmap test_error -x alpha -y size --by seed --contours 0.5 --path path.tsv -o d.svg
for text in 'seed 0' 'seed 2' 'test error = 0.5'; do grep -qF ">$text<" d.svg; done
grok-plot land.tsv --heatmap test_error -x alpha -y size --by seed --contours 0.5,0.7 --term | grep -q 'seed 2'
