# docs/datasets.md: the block of every section runs as printed, and its dataset is what the section says.
. "$TOP/tests/cli/expect.bash"
unset GROK_DATA
awk '/^## /      { section = tolower($2) }
     section && /^    / { print substr($0, 5) > (section ".blk") }' "$TOP/docs/datasets.md"
[ "$(echo ./*.blk)" = './arrays.blk ./graphs.blk ./images.blk ./numbers.blk ./reviews.blk ./tokens.blk' ]
python3 -c 'import numpy' 2> /dev/null || rm arrays.blk
for block in *.blk; do
    bash -euo pipefail "$block" > "${block%.blk}.out" 2>&1 || { echo "$block"; cat "${block%.blk}.out"; exit 1; }
done
grep -q '^# mnist: 30 items of 784 reals, 10 answers$' images.out
grep -q '^# .*: 60 items of 2 reals, 1 targets$' <(grok-data show areas.h5)
[ ! -e arrays.blk ] || grep -q '^# .*: 60 items of 3 reals, 2 answers$' <(grok-data show signs.h5)
grep -q '^# .*: 36 items of 2 tokens, ' tokens.out
grep -q '^# reviews of mine.csv: 40 items of 8 tokens, 2 answers$' reviews.out
grep -q 'must' reviews.out
not grep 'copies of train items' reviews.out    # an example is one without warnings
[ "$(grok-data show mols.h5 | grep -c '^[0-9]')" = 6 ]
