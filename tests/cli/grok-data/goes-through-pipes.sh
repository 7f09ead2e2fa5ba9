# "-" is standard output and standard input
. "$TOP/tests/cli/expect.bash"
grok-data --task s5 --fraction 0.5 -o - 2> log | tee copy.h5 | grok-data show - -n 3 > shown
grok-data show copy.h5 -n 3 | diff shown -
grep -q '^# s5: 14400 items of 3 tokens, 120 answers$' shown
[ "$(cat log)" = "grok-data: wrote s5, 14400 items and a split, to '-'" ]
fails 1 '/dev/null' grok-data show /dev/null
head -c 5000 copy.h5 > cut.h5
fails 1 'truncated' grok-data show - < cut.h5
