# Shards of other grids, the same shard twice, other data, files of another kind: one line each, and no file.
. "$TOP/tests/cli/expect.bash"
grid=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --seed 0..3 --threads 1 -q)
grok-train "${grid[@]}" --steps 5 --shard 1/2 -o a.h5
grok-train "${grid[@]}" --steps 5 --shard 2/2 -o b.h5
grok-train "${grid[@]}" --steps 5 --log-every 2 --shard 2/2 -o other.h5
grok-landscape "${grid[@]}" --steps 5 --shard 2/2 -o tool.h5
head -c 300 a.h5 > cut.h5
fails 1 "not parts of one grid: option log_every is 0 in the first and 2 in the second" grok-merge a.h5 other.h5 -o no.h5
fails 1 "run 0 is in 'a.h5' and in 'a.h5'" grok-merge a.h5 a.h5 -o no.h5
fails 1 'was made by grok-train' grok-merge a.h5 tool.h5 -o no.h5
fails 1 "'cut.h5'" grok-merge a.h5 cut.h5 -o no.h5
fails 1 'there is nothing to merge' grok-merge nowhere.h5 -o no.h5
fails 2 "'--output'" grok-merge a.h5 b.h5

# What belongs together is the whole: parameters, histories, splits, and no shard in its options.
grok-train "${grid[@]}" --steps 5 -o whole.h5
grok-merge b.h5 a.h5 -o merged.h5
grok-check merged.h5
"$BUILD/robust/same" whole.h5 merged.h5
cmp <(grok-log whole.h5 | grep -v '^#') <(grok-log merged.h5 | grep -v '^#')
grok-log --config merged.h5 | not grep -q '^shard'
fails 1 "will not write over 'a.h5', which is read" grok-merge a.h5 b.h5 --force -o a.h5
