# Runs picked from a grid are the file that their own options would have made, byte for byte in all that was trained, with its
# options and its columns: one value or several, groups of several shapes, splits that differ in length, runs that stop early.
# shellcheck disable=SC2054  # lists of values have commas
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 -q)

# alike GRID -- PICKED: options of the grid, and those of them that are picked, as OPTION=VALUES
alike() {
    local grid=() own=() pick
    while [ "$1" != -- ]; do grid+=("$1"); shift; done
    shift
    for pick; do own+=("--${pick%%=*}" "${pick#*=}"); done
    grok-train "${tiny[@]}" "${grid[@]}" -o grid.h5
    grok-train "${tiny[@]}" "${grid[@]}" "${own[@]}" -o own.h5
    grok-pick grid.h5 "$@" -o picked.h5
    grok-check picked.h5
    "$BUILD/robust/same" own.h5 picked.h5 || { echo "differ: $*"; return 1; }
    cmp <(grok-log --runs own.h5 | grep -v '^#') <(grok-log --runs picked.h5 | grep -v '^#')
    cmp <(grok-log --config own.h5 | grep -v '^#') <(grok-log --config picked.h5 | grep -v '^#')
    cmp <(grok-log own.h5 | grep -v '^#') <(grok-log picked.h5 | grep -v '^#')
    rm ./*.h5
}
alike --seed 0..3 --steps 20 -- seed=2
alike --seed 0..3 --weight-decay 0,1 --fraction 0.3,0.5 --steps 20 -- fraction=0.3 weight-decay=1
alike --seed 0,1 --weight-decay 0:1:3 --learning-rate 0.003 --steps 400 --stop 'train_acc>=1 for 2' --snapshot-every 100 -- \
    weight-decay=1 seed=1
alike --task add,subtract --activation relu,gelu --seed 0,1 --steps 5 -- task=subtract
alike --data-seed 3 --seed 0..2 --fraction 0.3,0.5 --steps 5 -- fraction=0.5 seed=0,2
alike --batch half512 --seed 0..2 --fraction 0.3,0.5 --steps 5 --keep params -- fraction=0.3
grok-train "${tiny[@]}" --params '@embedding: learning-rate=1e-4,1e-2; *.bias: weight-decay=0,1' --seed 0,1 --steps 5 -o grid.h5
grok-train "${tiny[@]}" --params '@embedding: learning-rate=0.01; *.bias: weight-decay=1' --seed 0,1 --steps 5 -o own.h5
grok-pick grid.h5 'params=@embedding: learning-rate=0.01; *.bias: weight-decay=1' -o picked.h5
"$BUILD/robust/same" own.h5 picked.h5
cmp <(grok-log --runs own.h5 | grep -v '^#') <(grok-log --runs picked.h5 | grep -v '^#')
rm ./*.h5

# What was trained further goes on: a picked run is resumed as its own file would be.
grok-train "${tiny[@]}" --seed 0..2 --steps 10 -o grid.h5
grok-pick grid.h5 seed=1 -o picked.h5
grok-train --resume picked.h5 --steps 20 -q
grok-train "${tiny[@]}" --seed 1 --steps 20 -o own.h5
"$BUILD/robust/same" own.h5 picked.h5

# A landscape's cells come with what they came to.
grok-landscape "${tiny[@]}" --alpha 0.5,1,2 --seed 0,1 --steps 30 --wave 4 -o land.h5
grok-landscape "${tiny[@]}" --alpha 0.5,1,2 --seed 1 --steps 30 -o own-land.h5
grok-pick land.h5 seed=1 --keep results -o picked-land.h5
cmp <(grok-log --landscape own-land.h5 | grep -v '^#') <(grok-log --landscape picked-land.h5 | grep -v '^#')
