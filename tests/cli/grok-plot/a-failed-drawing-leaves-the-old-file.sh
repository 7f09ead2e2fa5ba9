# If gnuplot fails, the old figure stays as it was and no temporary file is left.
printf 'step\ttest_acc\n1\t0.5\n2\t0.6\n' > t.tsv
echo old > t.svg
mkdir bin
printf '#!/bin/sh\necho half a figure\necho "something is wrong" >&2\nexit 1\n' > bin/gnuplot
chmod +x bin/gnuplot
status=0
PATH=$PWD/bin:$PATH grok-plot t.tsv -o t.svg 2> err || status=$?
[ "$status" = 1 ]
[ "$(cat t.svg)" = old ]
[ "$(cat err)" = 'grok-plot: gnuplot failed: something is wrong' ]
status=0
PATH=$PWD/bin:$PATH grok-plot t.tsv -o - --format svg > out 2> err || status=$?
[ "$status" = 1 ]
[ ! -s out ]
[ "$(printf '%s ' *)" = 'bin err out t.svg t.tsv ' ]

# A full disk or a closed pipe is noticed.
status=0
grok-plot t.tsv --term > /dev/full 2> err || status=$?
[ "$status" = 1 ]
grep -q 'standard output' err
