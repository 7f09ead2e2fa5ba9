# timeout: 300
# `make demo` as README shows it: a figure, and all of its claims hold.
BUILD=$PWD "$TOP/pipelines/demo.sh" > said
[ "$(grep -c '^PASS ' said)" = 3 ]
[ "$(grep -c '^ *all(.* = 2 of 2 {' said)" = 2 ]
grep -q '^ *median(test_acc_end) = 0\.[5-9]' said
grep -q '^figure  .*/figures/demo.svg' said
for format in svg png; do [ -s "figures/demo.$format" ]; done
for curve in teacher alone taught; do grep -q ">$curve<" figures/demo.svg; done
