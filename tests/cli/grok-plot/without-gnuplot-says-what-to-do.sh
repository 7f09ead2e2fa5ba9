# No gnuplot: one line that says how to get it, and nothing is written; also where only the child's status says that.
. "$TOP/tests/cli/expect.bash"
mkdir bin
ln -s "$(command -v grok-plot)" bin/
printf 'step\ttest_acc\n1\t0.5\n2\t0.6\n' > t.tsv
message='grok-plot: cannot find gnuplot: install it (apt-get install gnuplot-nox), or use grok-log for the numbers'
draw() { PATH=$PWD/bin grok-plot t.tsv -o t.svg; }
fails 1 "$message" draw
printf '#!/bin/sh\nexit 127\n' > bin/gnuplot
chmod +x bin/gnuplot
fails 1 "$message" draw
