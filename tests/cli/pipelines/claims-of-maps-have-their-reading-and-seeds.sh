# OMNI's figure 6a: the authors' number is about their draw as they read it, after the last update; of another draw there is
# nothing to judge.  Figure 11: a width of every seed, for a claim that takes several.
. "$TOP/tests/cli/expect.bash"
mkdir -p b/omni/quick
ln -s "$(dirname "$(command -v grok-log)")" b/bin
landscape() { grok-landscape -q --init-scale 0.1:9:4 "$@"; }
drawn() { (cd "$TOP" && BUILD=$OLDPWD/b PARTIAL=1 SCALE=quick GROK_DATA=/nowhere env "$@" > "$OLDPWD/out" 2>&1); }
for map in landscape zoom; do
    toy=(--preset omni-toy --widths 8x8 --messiness 0:0.2:3 --steps 100 --learning-rate 0.3 --seed 0)
    landscape "${toy[@]}" -o "b/omni/quick/toy-$map-s0.h5"
    landscape "${toy[@]}" --latents code-58 --split "$TOP/pipelines/omni-toy-58.split" -o "b/omni/quick/toy-$map-draw58-s0.h5"
done
drawn pipelines/omni-fig6a.sh
[ ! -e b/omni/quick/omni-fig6a.end.tsv ]
grep -q "^omni-fig6a.ref  *SKIP  *0 " out
drawn DRAW=58 pipelines/omni-fig6a.sh
columns() { grok-rows --select alpha,test_loss "$@" | grep -v '^#'; }
grok-log --landscape --select end b/omni/quick/toy-landscape-draw58-s0.h5 | columns - > last
columns b/omni/quick/omni-fig6a-draw58.end.tsv | diff last -
columns b/omni/quick/omni-fig6a-draw58-map.tsv > lowest
not diff -q last lowest > same
grep -q "^omni-fig6a.ref  *INCONCLUSIVE  *1 .*argmin(alpha" out    # of a part of their map

for loss in ce mse-onehot; do
    landscape --preset omni-mnist-landscape --task synth-digits --loss $loss --size 30,300 --widths 4x4 --steps 20 \
        --eval-items 100 --seed 0..1 -o "b/omni/quick/synth-digits-landscape-$loss-s0..1.h5"
done
drawn MAP_SEEDS=0..1 pipelines/omni-fig11.sh
[ "$(grok-rows --where 'size = 300' --select loss,seed b/omni/quick/omni-fig11.width.tsv | grep -cv '^#\|^loss')" = 4 ]
