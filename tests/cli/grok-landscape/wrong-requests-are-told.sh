# One line that says what is wrong, status 2 for what was asked and 1 for what was found; and no file.
. "$TOP/tests/cli/expect.bash"
small=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --steps 5 --threads 1 -q)
fails 2 "invalid value '-1'" grok-landscape "${small[@]}" --alpha=-1,2 -o no.h5
fails 2 'both ends of a logarithmic range must be above 0' grok-landscape "${small[@]}" --alpha 0:1:x3 -o no.h5
fails 2 'no output' grok-landscape "${small[@]}" --alpha 1
fails 2 "'--eval-items' is for one task" grok-landscape "${small[@]}" --sequence op-mod --join add:5 --eval-items 5 -o no.h5
grok-train "${small[@]}" -o t.h5
fails 1 "'t.h5' holds no landscape" grok-log --landscape t.h5
fails 2 "'t.h5' was made by grok-train: resume it with that" grok-landscape --resume t.h5
grok-landscape "${small[@]}" --alpha 1 -o l.h5
cp l.h5 before.h5
fails 2 "'--init-scale' cannot be given with --resume" grok-landscape --resume l.h5 --alpha 2
cmp l.h5 before.h5
