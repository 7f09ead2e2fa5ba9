# An option that has no effect in any run is refused; what a preset or a model's name brings along is told, and goes on.  A list
# must have an effect in every run, and no value twice: what does not differ does not count as another run.
. "$TOP/tests/cli/expect.bash"
idle() { fails 2 "$1" grok-train --dry-run "${@:2}"; }
idle "'--ema-alpha' has no effect here: it is for an --ema-lambda above 0" --ema-alpha 0.5,0.9
idle "'--momentum' has no effect here: it is for --optimizer sgd, signsgd" --momentum 0.9
idle "'--epsilon' has no effect here: it is for --optimizer adamw, adam"   --optimizer lion --epsilon 1e-6
idle "'--beta2' has no effect"          --optimizer sgd --beta2 0.9
idle "'--widths' has no effect here: it is for an mlp, a resnet, an lstm or a gcn"                      --widths 8x8
idle "'--activation' has no effect here: it is for a transformer, an mlp, a resnet or a gcn" --model lstm --activation gelu
idle "'--n-layer' has no effect here: it is for a transformer"              --model mlp --n-layer 1,2
idle "'--n-token' has no effect here: it is for a transformer of items of reals" --n-token 3
idle "'--cls' has no effect"            --model mlp-784 --task synth-digits --cls
idle "'--norm-kind' has no effect"      --norm-kind rmsnorm
idle "'--d-model' has no effect"        --model mlp --input onehot --d-model 8
idle "'--prime' has no effect"          --task s5 --prime 7
idle "'--sequence' has no effect"       --task teacher-student --model mlp-ts --sequence eq
idle "'--vocab-prime' has no effect"    --task s5 --vocab-prime 7
idle "'--fraction' has no effect"       --task teacher-student --model mlp-ts --fraction 0.5
idle "'--items' has no effect"          --items 10
idle "'--latents' has no effect"        --latents paper
idle "'--correct-below' has no effect"  --correct-below 0.1
idle "'--softmax' has no effect"        --model mlp --loss mse-onehot --softmax naive
idle "'--label-smoothing' has no effect" --model mlp --loss mse-onehot --label-smoothing 0
idle "'--lr-decay-steps' has no effect here: it is for an --lr-schedule other than constant" --lr-decay-steps 10
idle "'--lr-decay-factor' has no effect" --lr-decay-factor 0.1
idle "'--ma-window' has no effect"      --ma-window 10
idle "'--decay-form' has no effect"     --decay-form coupled
idle "'--project' has no effect"        --project after
idle "'--order-seed' has no effect"     --order-seed 0,1,2
idle "'--log-growth' has no effect"     --log-every 5 --log-growth 2
idle "'--alpha' and '--init-scale' are one option" --alpha 2 --init-scale 3
idle "'--seed 1,1,1': 1 is there twice" --seed 1,1,1
idle "'--weight-decay 1,1.0': 1 is there twice" --weight-decay 1,1.0
idle "'--momentum 0,0.9' has an effect in 2 of 4 runs only" --optimizer adamw,sgd --momentum 0,0.9

# one value may be for some of the runs
[ "$(grok-train --dry-run -q --optimizer adamw,sgd --momentum 0.9 --model transformer,mlp --widths 8 | grep -c .)" -ge 5 ]
# what comes along is told once, and is no error
small='--prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 3 --device cpu --threads 1 -q'
# shellcheck disable=SC2086
grok-train --preset nanda $small --optimizer sgd -o a.h5 2> err
grep -q "warning: what preset or model say has no effect here: '--beta1' is for .*, '--beta2' for " err
[ "$(wc -l < err)" = 1 ]
# a file may hold what is refused today: it goes on, and its options do not count as given
grok-train --resume a.h5 --steps 5 -q 2> err
[ ! -s err ]
