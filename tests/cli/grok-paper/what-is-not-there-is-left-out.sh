# Of an archive that lacks runs, figures show what there is, say how many seeds, and name what they leave out; later calls add
# figures and seeds, and runs that others start from are trained again if they came without parameters.
# timeout: 240
. "$TOP/tests/cli/expect.bash"
. "$TOP/tests/cli/grok-paper/toy.bash"
toy toy-fig1 --seeds 0..1 -o r.tar
show_here home r.tar toy-fig1 toy-fig2 2> err
grep -q "toy-fig2: 'home/from' has nothing of it" err
[ "$(claims home | grep -c '^toy-')" = 1 ]

# fewer runs than the figure has
mkdir some
tar -xf r.tar -C some
rm some/toy/quick/alone-1-0.6-*.h5
tar -cf some.tar -C some .
show_here home some.tar toy-fig1 2> err
grep -q 'toy-fig1: not there, and left out: alone-1-0.6-s0..1' err
grep -q 'alone-1-0.4' home/toy/quick/toy-fig1.svg
not grep -q 'alone-1-0.6' home/toy/quick/toy-fig1.svg
rm some/toy/quick/*.h5
tar -cf none.tar -C some .
rm -r home
show_here home none.tar toy-fig1 2> err
[ -z "$(find home -name '*.svg')" ]

# more seeds, and another figure
grok-paper toy-fig1 --seeds '2..3 4' --dry-run --threads 1 2> grids
[ "$(grep -c 'grid for' grids)" = 1 ]      # words of seeds are one grid where no teachers are theirs
toy toy-fig1 --seeds '2..3 4' -o r.tar
show_here home r.tar toy-fig1 2> err
grep -q '5 seeds, median and range' home/toy/quick/toy-fig1.svg
fails 1 "seed 4 of toy-fig1 is there twice, in SEEDS=0..1 2..3 4 4..5" toy toy-fig1 --seeds 4..5 -o r.tar
toy toy-fig2 --seeds 0..1 -o r.tar
show_here home r.tar toy-fig1 toy-fig2 2> err
[ "$(claims home | grep -c '^toy-')" = 2 ]
