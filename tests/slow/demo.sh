#!/bin/bash
# `make demo` as README shows it: a figure, and all of its claims hold.
. "$(dirname "$0")/../robust/common.bash"

demo() { BUILD=$SCRATCH "$TOP/pipelines/demo.sh" > said; }
check 'the demo ends well' demo
check 'three claims hold' test "$(grep -c '^PASS ' said)" = 3
check 'two of them in both runs' test "$(grep -c '^ *all(.* = 2 of 2 {' said)" = 2
check 'the student gets to the half at least' grep -q '^ *median(test_acc_end) = 0\.[5-9]' said
check 'it says where the figure is' grep -q '^figure  .*/figures/demo.svg' said
for format in svg png; do check "there is a figure as $format" test -s "figures/demo.$format"; done
for curve in teacher alone taught; do check "the figure has '$curve'" grep -q ">$curve<" figures/demo.svg; done
finish
