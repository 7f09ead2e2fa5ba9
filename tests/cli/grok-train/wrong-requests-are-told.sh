# What a new user may do wrong: one clear line each, the right exit status, nothing written.
. "$TOP/tests/cli/expect.bash"
small='--prime 5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5'
fails 2 'no output: give -o FILE' grok-train
fails 2 "invalid value 'nope' for '--preset': expected one of nanda" grok-train --preset nope -o x.h5
fails 2 '12 is not a prime' grok-train --prime 12 -o x.h5
fails 2 'fraction 0 leaves no train items' grok-train --fraction 0 -o x.h5
fails 2 'fraction 1 leaves no test items' grok-train --fraction 1 -o x.h5
fails 2 "invalid value '2' for '--fraction'" grok-train --fraction 2 -o x.h5
fails 2 "invalid value '0' for '--batch'" grok-train --batch 0 -o x.h5
fails 2 "invalid value 'some' for '--batch'" grok-train --batch some -o x.h5
fails 2 "stop rule 'test_acc>>3': no number" grok-train --stop 'test_acc>>3' -o x.h5
fails 2 "no metric 'accuracy'" grok-train --stop 'accuracy>=1' -o x.h5
fails 2 '30 is not a multiple of 4 heads' grok-train --d-model 30 -o x.h5
fails 2 "invalid value '3/2' for '--shard'" grok-train --shard 3/2 -o x.h5
fails 2 'needs --lr-decay-steps' grok-train --lr-schedule cosine -o x.h5
fails 2 "invalid value 'gpu' for '--device': expected auto, cpu, cuda or cuda:N" grok-train --device gpu -o x.h5
fails 2 "invalid value 'cuda:-1' for '--device'" grok-train --device cuda:-1 -o x.h5
fails 2 "'--precision tf32' is for '--device cuda'" grok-train --precision tf32 --device cpu -o x.h5
names=mlp-784,\ mlp-ts,\ mlp-s,\ tf-s,\ res,\ dec,\ t1,\ lstm-e
fails 2 "expected one or a list of transformer, mlp, resnet, lstm, gcn; or one of $names" grok-train --model mlp-783 -o x.h5
fails 2 "5 reals cannot be cut into so many tokens" grok-train --task teacher-student --model tf-s --loss mse -o x.h5
fails 2 "these items have 5 reals, '--n-token N' cuts them" grok-train --task teacher-student --loss mse -o x.h5
fails 2 "a resnet takes square images: 5 reals are none" grok-train --task teacher-student --model res --loss mse -o x.h5
fails 2 "a resnet takes images: these items are tokens" grok-train --model res -o x.h5
fails 2 "the initial law 'nanda' is a transformer's" grok-train --task synth-digits --model res --init nanda -o x.h5
fails 2 "an lstm takes tokens: these items have 5 reals" grok-train --task teacher-student --model lstm --loss mse -o x.h5
fails 2 "dropout stands between the layers of an lstm" grok-train --model lstm-e --widths 8 --dropout 0.1 -o x.h5
fails 2 "widths '16x': expected whole numbers" grok-train --task synth-digits --model res --widths 16x -o x.h5
fails 2 "'--fraction' and '--size' cannot both be given" grok-train --fraction 0.5 --size 10 -o x.h5
fails 2 'size 101 is larger than the 100 train items' grok-train --data teacher-student --model mlp-ts --size 10,101 -o x.h5
fails 2 "they need '--loss mse'" grok-train --task teacher-student --model mlp -o x.h5
fails 2 "'--loss mse' is not for them" grok-train --model mlp --loss mse -o x.h5
fails 2 "'--messiness' below 1 needs data with a tidy representation" grok-train --messiness 0.5 -o x.h5
fails 2 "'--input latent' needs data" grok-train --model dec --loss ce --task add --prime 5 -o x.h5
fails 2 'a transformer takes tokens' grok-train --task teacher-student --model t1 --loss mse -o x.h5
GROK_DATA=none fails 1 "'grok-data fetch mnist' gets it" grok-train --data mnist --model mlp-784 -o x.h5
mkdir plugins
export GK_PLUGIN_DIR=$PWD/plugins
fails 1 "cannot use '--device cuda': no plug-in" grok-train --device cuda -o x.h5
echo rubbish > plugins/libgrok-cuda.so
fails 1 "cannot use '--device cuda': cannot load the plug-in" grok-train --device cuda -o x.h5
cp "$(ldd "$(command -v grok-train)" | sed -n 's/.*=> \(.*libz\.so[^ ]*\) .*/\1/p')" plugins/libgrok-cuda.so
fails 1 "it has no function 'gk_backend_open'" grok-train --device cuda -o x.h5
GK_PLUGIN_DIR=plugins fails 1 "expected a path that begins with /" grok-train --device cuda -o x.h5
unset GK_PLUGIN_DIR
fails 1 "cannot read 'none.h5': No such file" grok-train --data none.h5 -o x.h5
fails 1 "cannot read 'none.h5': No such file" grok-train --resume none.h5
fails 1 "cannot write 'no/such/folder/x.h5'" grok-train -o no/such/folder/x.h5
fails 2 "unexpected argument 'x.h5'" grok-train x.h5
fails 2 "'--project between' needs --constrain-norm" grok-train --project between -o x.h5
fails 2 "invalid value 'yes' for '--constrain-norm'" grok-train --constrain-norm yes -o x.h5

# shellcheck disable=SC2086
grok-train $small -q -o a.h5
fails 2 "'--data' and '--task' cannot both be given" grok-train --data a.h5 --task add -o x.h5
fails 1 'is not a dataset file' grok-train --data a.h5 -o x.h5
fails 2 "'--prime' cannot be given with --resume" grok-train --resume a.h5 --prime 7
head -c 2000 a.h5 > cut.h5
fails 1 "'cut.h5'" grok-train --resume cut.h5
grok-trim a.h5 --drop optimizer -o t.h5 2> err
fails 1 'it was left out (--keep params or metrics, grok-trim --drop optimizer)' grok-train --resume t.h5 --steps 9 -q
grok-trim a.h5 --drop parameters -o p.h5 2> err
fails 1 'they were left out (--keep metrics, grok-trim --drop parameters)' grok-train --resume p.h5 --steps 9 -q
fails 1 'No space left on device' grok-train --prime 5 --steps 5 --device cpu -q -o /dev/full

# A batch larger than the data: a warning, then the full batch.
# shellcheck disable=SC2086
grok-train $small --batch 1000 -q -o b.h5 2> err
grep -q '^grok-train: warning: a batch of 1000 is larger than the 7 train rows: training full batch$' err
[ "$(grep -vc 'classes that no train item has' err)" = 1 ]

# More memory than there is, some day: a warning before the first step.
# shellcheck disable=SC2086
grok-train $small --steps 1000000000000 --snapshot-every 1 --time-limit 0.01s -q -o m.h5 2> err || [ "$?" = 4 ]
grep -q '^grok-train: warning: all 1000000000000 steps need .* GB of memory, and .* GB: keep fewer snapshots' err
not grep -q memory <(grok-train --prime 5 --d-model 8 --n-head 2 --d-mlp 8 --steps 6 --snapshot-every 1 -q -o m2.h5 2>&1)
# Times that were not taken are not told.
# shellcheck disable=SC2086
grok-train $small --dry-run --timing=no 2> err > out
grep -Eq '1 run in 1 group: .* FLOP, .* MB of memory$' err

# Runs that diverged: what resuming cannot do is told for each kind, and nobody learns from them.
# shellcheck disable=SC2086
grok-train $small --learning-rate 1e30 --optimizer sgd --sequence op-mod -q -o nan.h5
grok-train --resume nan.h5 --steps 30 2> err
grep -q "nothing to do: 'nan.h5' is at step [0-9]* of 30; runs: 1 diverged (for good)$" err
# shellcheck disable=SC2086
grok-train $small --learning-rate 1e30,1e-3,1e-2 --optimizer sgd --stop 'train_loss<1e9 for 3' --seed 0..1 -q -o mixed.h5
grok-train --resume mixed.h5 2> err
grep -q "runs: 4 stopped (give another --stop), 2 diverged (for good)$" err
grok-train --resume mixed.h5 --stop none -q
grok-train --resume mixed.h5 2> err
grep -q "at step 5 of 5; runs: 4 finished (give more --steps), 2 diverged (for good)$" err
fails 1 "base 'nan.h5' has diverged: there is nothing to learn from it" grok-finetune --from nan.h5 --steps 3 -q -o x.h5
fails 1 "teacher 'nan.h5' has diverged" grok-distill --teacher nan.h5 --prime 5 --sequence op-mod --steps 3 -q -o x.h5
[ ! -s err ] || not grep -q 'not grokked' err
