# Setup takes time in proportion to the runs, and whether there is memory for them is judged before anything is made.
. "$TOP/tests/cli/expect.bash"
# 1.5 s of a core where it is linear; 9 s where runs are compared with each other
small=(--task add --prime 5 --fraction 0.6 --d-model 4 --n-head 1 --d-mlp 4 --threads 1 --keep metrics --steps 0 -q)
(ulimit -S -t 6; grok-train "${small[@]}" --seed 0..39999 -o many.h5)

fails 1 'cannot get memory: 1000000 runs side by side need' timeout 30 grok-train --seed 0..999999 -o large.h5
(ulimit -v 2000000; fails 1 "'ulimit -v' allows 2.05 GB: train slices of them (--shard)" grok-train --seed 0..999 -o large.h5)
