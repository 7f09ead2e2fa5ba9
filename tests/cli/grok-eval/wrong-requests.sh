# What cannot be evaluated is told in one line.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --threads 1 -q --steps 2)
grok-train "${tiny[@]}" -o a.h5
grok-train "${tiny[@]}" --keep metrics -o bare.h5
grok-train --task synth-digits --items 20 --model mlp --widths 4 --steps 2 -q -o d.h5
fails 2 "does not know the token '7'" grok-eval --prime 11 a.h5
fails 1 'it was written with --keep metrics' grok-eval bare.h5
fails 2 'is for tasks of two operands' grok-eval --print grid d.h5
fails 2 "is for '--print summary'" grok-eval --print grid --by task a.h5
fails 1 'No such file' grok-eval none.h5
fails 1 'its data' grok-eval --data none.h5 a.h5 || fails 1 'none.h5' grok-eval --data none.h5 a.h5
fails 2 'put {file} into its name' grok-eval --logits x.npz a.h5 ./a.h5
grok-eval --logits x.npz a.h5 > /dev/null
fails 1 'give another name, or --force' grok-eval --logits x.npz a.h5
