# A mixture of weights 1 and 0 is the one network, 0 and 1 the other, as grok-eval says of each; without weights no class is
# preferred.  What is learnt does not depend on threads; every generalising run has the memorising one of its seed.
. "$TOP/tests/cli/expect.bash"
small='--task add --prime 7 --sequence pair --fraction 0.6 --model mlp --input onehot --widths 32 --batch full --threads 1 -q'
# shellcheck disable=SC2086
grok-train $small --logits answers --seed 0,1,2 --learning-rate 0.01 --weight-decay 0 --steps 60 --snapshot-every 10 -o mem.h5
# shellcheck disable=SC2086
grok-train $small --logits answers --seed 1,0 --learning-rate 0.01 --weight-decay 2 --steps 300 -o gen.h5
columns=seed,train_loss,train_acc,test_loss,test_acc
alone() {    # FILE: of each seed what grok-eval says of its sets
    grok-eval "$1" | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["seed"] < 2 { print $at["seed"], $at["set"], $at["loss"], $at["accuracy"] }' | sort
}
mixed() {    # W_MEM W_GEN
    grok-mix --sweep --w-mem "$1" --w-gen "$2" --threads 1 mem.h5 gen.h5 | grok-rows --select $columns - | awk -F '\t' 'NR > 1 {
        print $1, "train", $2, $3; print $1, "test", $4, $5 }' | sort
}
same() {
    paste -d ' ' "$1" "$2" | awk '{ n++
        if ($1 != $5 || $2 != $6 || !(($3 - $7) ^ 2 < 1e-10) || !(($4 - $8) ^ 2 < 1e-12)) exit 1 }
        END { exit n != 4 }'
}
alone mem.h5 > one
mixed 1 0 > two
same one two
alone gen.h5 > one
mixed 0 1 > two
same one two
grok-mix --w-m2 10,1 --steps 100 --threads 1 mem.h5 gen.h5 > learnt
grok-mix --w-m2 10,1 --steps 100 --threads 2 mem.h5 gen.h5 | cmp - learnt
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["step:updates"] == 0 { n++; if (!(($at["test_loss"] - log(7)) ^ 2 < 1e-12) || $at["w_mem"] != 0) exit 1 }
    $at["step:updates"] == 100 { m++; if (!($at["train_loss"] < 1.9) || !($at["w_mem"] > 0) || !($at["w_gen"] > 0)) exit 1 }
    END { exit n != 4 || m != 4 }' learnt
[ "$(cut -f 1 learnt | sort -u | tr '\n' ' ')" = '0 1 seed ' ]
grok-mix --w-m2 1 --steps 4 --log-every 2 --generalising-run 0 curve=a mem.h5 gen.h5 > some
[ "$(cut -f 1-3 some | tr '\t\n' '  ')" = 'curve seed step:updates a 1 0 a 1 2 a 1 4 ' ]
# scaled where it is less sure: the ratio as the networks are is told, and what the logits were multiplied by
grok-mix --sweep --logit-ratio 3 mem.h5 gen.h5 > scaled
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { scale = $at["logit_ratio"] < 1 ? 3 / $at["logit_ratio"] : 1; if (!(($at["gen_scale"] - scale) ^ 2 < 1e-9)) exit 1 }' scaled
[ "$(tail -n 1 scaled | cut -f 10)" != 1 ]
grok-mix --sweep --logit-ratio 3 --memorising-run 1 --generalising-run 0 gen.h5 mem.h5 > sure
[ "$(tail -n 1 sure | cut -f 10)" = 1 ]
