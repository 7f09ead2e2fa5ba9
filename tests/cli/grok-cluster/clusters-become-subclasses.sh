# timeout: 120
# Clusters of items and of latents, as a table and as groups that other tools take; distances and pictures of subclasses.
. "$TOP/tests/cli/expect.bash"
blocks=(--task equidistant --items 1600 --test-items 400)

# two subclasses of each class are its two clusters
grok-cluster "${blocks[@]}" -k 2 --groups groups.tsv > table
[ "$(tail -n +2 table | cut -f 1 | xargs)" = '0.0 0.1 1.0 1.1 2.0 2.1 3.0 3.1' ]
[ "$(tail -n +2 table | cut -f 3-5 | sort -u)" = "$(printf '250\t200\t50')" ]
# spread 117 x 0.01; the centres are half of root 2 from the middle
tail -n +2 table | awk -F '\t' '$8 < 0.2 || $6 < 1.1 || $6 > 1.25 || $7 < 0.6 || $7 > 0.8 { exit 1 }'
[ "$(grok-data show "${blocks[@]}" --subclasses groups.tsv -n 0 | grep -c '^# subclass .*: 250 items, 200 train, 50 test')" = 8 ]
grok-data show "${blocks[@]}" -n 2000 | awk -F '\t' '!/^#/ { print $1 "\t" $4 }' > own
awk -F '\t' '!/^#/ { print $1 "\t" $3 }' groups.tsv | paste own - | tail -n +2 | cut -f 2,4 | sort -u > pairs
[ "$(wc -l < pairs)" = 8 ]    # each subclass is one cluster
grok-train "${blocks[@]}" --subclasses groups.tsv --thin '*.0' --thin-to 0 --size 400 --model mlp --widths 8 --loss mse-onehot \
    --steps 5 --by-subclass each -q -o run.h5
grok-log -m absent/test_acc,2.1/train_acc run.h5 | tail -n 1 | grep -q '[0-9]	[0-9]'
fails 1 "it is of other items than those of 'equidistant'" grok-data show --task equidistant --items 800 --subclasses groups.tsv

# latents of any layer, on the items of the run or on others
grok-cluster run.h5 --at layer0 --components 2 -k 3 --per all > latents
[ "$(wc -l < latents)" = 4 ]
[ "$(tail -n +2 latents | awk -F '\t' '{ n += $3 } END { print n }')" = 2000 ]
grok-data "${blocks[@]}" --data-seed 5 -q -o other.h5
grok-cluster run.h5 --at head --data other.h5 --show components --dims 4 | head -n 1 | grep -q '^item	label	subclass	x1	x2	x3	x4$'
grok-cluster run.h5 --at layer0 -k 2 > a
grok-cluster run.h5 --at layer0 -k 2 | cmp - a

# tokens of other data are known by their names: '=' is token 11 of the one vocabulary, and 7 of the other
grok-train --task add --prime 7 --vocab-prime 11 --d-model 8 --n-head 2 --d-mlp 16 --steps 2 -q -o wide.h5
grok-cluster wide.h5 --at block0.mlp.in --show components > a
grok-cluster wide.h5 --at block0.mlp.in --show components --task add --prime 7 --vocab-prime 7 | cmp - a
fails 2 "does not know the token '11'" grok-cluster wide.h5 --at block0.mlp.in --task add --prime 13

# squared distances of subclasses are numbers of blocks
grok-cluster "${blocks[@]}" --show distances | awk -F '\t' 'NR > 1 { n++; if ($5 < 1.8 || $5 > 2.2) exit 1 } END { exit n != 28 }'
grok-cluster --task equivariant --items 8000 --test-items 40 --show mds --dims 3 > places
[ "$(wc -l < places)" = 41 ]
grok-cluster --task equivariant --items 8000 --test-items 40 --show distances |
    awk -F '\t' 'NR > 1 { within = $2 == $4; n[within ":" sprintf("%.0f", $5)]++ }
        END { print n["1:1"], n["1:2"], n["0:4"], n["0:5"], n["0:6"], n["0:7"], n["0:8"] }' > counts
[ "$(cat counts)" = '36 144 180 72 276 36 36' ]

fails 2 "the model has no layer 'pool': there are layer0, head" grok-cluster run.h5 --at pool
fails 2 "3000 clusters of 400 points"                   grok-cluster "${blocks[@]}" -k 3000
fails 2 "reads items of 117 reals, those of 'synth-digits' have 784 reals" \
    grok-cluster run.h5 --at layer0 --task synth-digits --items 20
fails 2 "the items of 'add mod 5' are tokens"           grok-cluster --task add --prime 5
fails 2 "'--at pool' is a layer of a network"           grok-cluster "${blocks[@]}" --at pool
fails 2 "no items: give a checkpoint"                   grok-cluster
fails 2 "200 components of points with 117 reals"       grok-cluster "${blocks[@]}" --components 200
fails 2 "'run.h5' has no run 7"                         grok-cluster run.h5 --at head --run 7
fails 2 "have targets, not labels"                      grok-cluster --task teacher-student
