# provenance, runs with status, tensors with shapes, metrics, snapshots
options=(--task add --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 -q)
grok-train "${options[@]}" --steps 4 --seed 0,1 --weight-decay 0,1 --snapshot-every 2 -o run.h5
grok-ls run.h5 > out
grep -q '^run.h5: checkpoint, ' out
grep -q '^  command  *grok-train --task add' out
grep -q '^group 0: 4 replicas, step 4 (4 finished)$' out
grep -q '^  weight_decay  *0, 1$' out
grep -q '^  data  *add mod 7: 49 items, 24 train, 25 test' out
grep -q '^    embed.weight  *\[4, 8, 8\]' out
grep -q '^  optimizer  *m, v' out
grep -q '^  history .* steps 0 to 4: train_loss' out
grep -q '^  snapshots ' out
grep -q "^  sha256  *$(sha256sum run.h5 | cut -d ' ' -f 1)$" out
