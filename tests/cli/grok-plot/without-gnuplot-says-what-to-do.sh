# No gnuplot: one line that says how to get it, and nothing is written.
mkdir bin
ln -s "$(command -v grok-plot)" bin/
printf 'step\ttest_acc\n1\t0.5\n2\t0.6\n' > t.tsv
status=0
PATH=$PWD/bin grok-plot t.tsv -o t.svg 2> err || status=$?
[ "$status" = 1 ]
[ ! -e t.svg ]
[ "$(cat err)" = 'grok-plot: cannot find gnuplot: install it (apt-get install gnuplot-nox), or use grok-log for the numbers' ]
