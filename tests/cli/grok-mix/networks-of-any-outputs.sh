# What is mixed are logits of classes, however a network says them: one output stands for two classes, and of all tokens those of
# the answers count.  With weights 1 and 0 the mixture is the one network, as grok-eval says of it.
same_as_eval() {    # FILE MIXTURE: of both sets loss and accuracy
    grok-eval "$1" | grok-rows --select set,loss,accuracy - | tail -n +2 | sort > one
    grok-rows --select train_loss,train_acc,test_loss,test_acc "$2" | tail -n 1 |
        awk -v OFS='\t' '{ print "test", $3, $4; print "train", $1, $2 }' > two
    paste one two | awk '{ n++; if ($1 != $4 || !(($2 - $5) ^ 2 < 1e-10) || !(($3 - $6) ^ 2 < 1e-12)) exit 1 }
        END { exit n != 2 }'
}
parity() { grok-train --preset parity --dim 10 --items 50 --loss logistic --steps 40 --threads 1 -q "$@"; }
parity --seed 0 -o mem.h5
parity --seed 0 --learning-rate 0.3 -o gen.h5
grok-mix --sweep --w-mem 1 --w-gen 0 mem.h5 gen.h5 > mixture
same_as_eval mem.h5 mixture
grok-mix --sweep --w-mem 0 --w-gen 1 mem.h5 gen.h5 > mixture
same_as_eval gen.h5 mixture
# the correct logit less the mean of both is half of the margin
grok-eval --print predictions --set train gen.h5 | grok-rows --select margin - |
    awk 'NR > 1 { sum += $1; n++ } END { printf "%.6f\n", sum / n / 2 }' > half
grok-norms --efficiency gen.h5 | grok-rows --select correct_logit - | awk 'NR > 1 { printf "%.6f\n", $1 }' | diff - half

tokens() { grok-train --task add --prime 5 --fraction 0.6 --seed 0 --threads 1 -q "$@"; }
tokens --sequence pair --model mlp --input onehot --widths 16 --batch full --logits answers --steps 40 -o answers.h5
tokens --d-model 8 --n-head 2 --d-mlp 8 --steps 10 -o all.h5
grok-mix --sweep --w-mem 1 --w-gen 0 answers.h5 all.h5 > mixture
same_as_eval answers.h5 mixture
grok-mix --sweep --w-mem 0 --w-gen 1 all.h5 answers.h5 > mixture
same_as_eval answers.h5 mixture
