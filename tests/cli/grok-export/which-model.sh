# Several runs and steps: each has a file, none is overwritten, and a name that does not tell them apart is refused.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --threads 1 -q)
grok-train "${tiny[@]}" --seed 3,5 --steps 20 --snapshot-every 10 -o two.h5
grok-train "${tiny[@]}" --steps 2 --keep metrics -o bare.h5
grok-export --at all two.h5 -o 'files/{file}-{run}-{step}.npz'
[ "$(find files -type f -printf "%f\n" | sort | tr '\n' ' ')" = \
  'two-0-0.npz two-0-10.npz two-0-20.npz two-1-0.npz two-1-10.npz two-1-20.npz ' ]
grok-export --run 1 two.h5 -o one.npz
cmp one.npz files/two-1-20.npz
grok-export --at 10 --run 0 two.h5 -o ten.npz
cmp ten.npz files/two-0-10.npz
fails 2 'put {run} into its name' grok-export two.h5 -o x.npz
fails 2 'put {step} into its name' grok-export --at all --run 0 two.h5 -o x.npz
fails 2 'has no parameters at step 7' grok-export --run 0 --at 7 two.h5 -o x.npz
fails 1 "'bare.h5' has no parameters" grok-export bare.h5 -o x.npz
fails 2 'expected last, all or a step' grok-export --run 0 --at never two.h5 -o x.npz
fails 2 'ends in no format' grok-export --run 0 two.h5 -o x.txt
fails 2 'is for a format that holds parameters' grok-export --format tensorboard --names torch bare.h5 -o logs
fails 1 'give another name, or --force' grok-export --run 0 two.h5 -o one.npz
grok-export --force --run 0 two.h5 -o one.npz
cmp one.npz files/two-0-20.npz

# A folder of one run: what it is, its options, its steps.
grok-export --format folder --run 1 --at all two.h5 -o hub
[ "$(find hub -type f | sort | tr '\n' ' ')" = \
  'hub/README.md hub/config.json hub/step_0/model.safetensors hub/step_10/model.safetensors hub/step_20/model.safetensors ' ]
grep -q '"config.prime": "7"' hub/config.json
grep -q '"seed": "5"' hub/config.json
grep -q 'grok-train --task add --prime 7' hub/README.md

# Event files: one a run, for TensorBoard.
grok-export --format tensorboard two.h5 bare.h5 -o 'logs/{file}/{run}'
[ "$(find logs -name 'events.out.tfevents.*' | wc -l)" = 3 ]
grep -aq test_acc logs/bare/0/events.out.tfevents.*
