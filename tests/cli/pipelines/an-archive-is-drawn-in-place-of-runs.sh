# make FIGURE FROM=ARCHIVE unpacks and draws, once for all panels and figures, and trains nothing.
. "$TOP/tests/cli/expect.bash"
make -n -C "$TOP" BUILD="$PWD/b" kd-fig4 FROM="$PWD/my results.tar" 2> err | grep -E 'tar -xf|from.sh|train.sh|choose.sh' > does
grep -q "tar -xf '.*/my results.tar' -C .*/b/from" does
[ "$(grep -c 'tar -xf' does)" = 1 ]
[ "$(grep -cE 'from\.sh .*/b/from kd-fig4[ab]$' does)" = 2 ]
not grep -qE 'train.sh|choose.sh' does
[ ! -e b/kd/rules.mk ]
