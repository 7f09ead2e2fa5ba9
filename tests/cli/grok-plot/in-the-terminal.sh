# --term draws with characters, in the size asked for, without escape codes when it is not a terminal.
printf 'step\ttrain_acc\ttest_acc\n1\t0.1\t0.1\n10\t0.9\t0.2\n100\t1\t0.3\n1000\t1\t1\n' > t.tsv
grok-plot t.tsv --term --size 70x20 > out
[ "$(wc -l < out)" -ge 18 ]
[ "$(wc -l < out)" -le 21 ]
[ "$(wc -L < out)" -le 70 ]
if grep -q "$(printf '[\033\f]')" out; then echo "control characters"; exit 1; fi
grep -q 'optimiser steps' out
grep -q 'train' out
grep -q 'test' out
grep -q '^ *accuracy' out    # the vertical axis says what it is
grok-plot t.tsv --term --size 70x20 -y train_acc --y2 test_acc > right
grep -q 'test (right)' right
grep -q 'train accuracy .* test accuracy' right
