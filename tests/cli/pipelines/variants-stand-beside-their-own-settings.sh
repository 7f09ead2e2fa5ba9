# VARIANT changes every rate, width or seed of a figure's runs, or how they are judged; its verdicts go to the ledger under its
# name.
. "$TOP/tests/cli/expect.bash"
config() { grok-log --config "$1" | awk -F '\t' -v name="$2" '$1 == name { print $2 }'; }
run="$TOP/pipelines/train.sh"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --steps 2 --threads 1 -q)
"$run" a.h5 --scale learning-rate=1.3 grok-train "${tiny[@]}" --preset nanda
[ "$(config a.h5 learning_rate)" = 0.0013 ]
"$run" b.h5 --scale learning-rate=0.7 grok-train "${tiny[@]}" --learning-rate 0.5,1e-3:0.1:x3 --weight-decay 0
[ "$(config b.h5 learning_rate)" = 0.35,0.0007:0.07:x3 ]
"$run" c.h5 --scale width=2 grok-train "${tiny[@]}"
[ "$(config c.h5 d_model) $(config c.h5 d_mlp) $(config c.h5 n_head)" = '16 32 2' ]
"$run" d.h5 --scale width=0.5 grok-train --task add --prime 7 --model mlp --widths 64x31 --steps 2 --threads 1 -q
[ "$(config d.h5 widths)" = 32x16 ]
"$run" e.h5 --scale learning-rate=2 grok-train "${tiny[@]}" --optimizer muon --learning-rate 0.1 --adam-learning-rate 0.01
[ "$(config e.h5 learning_rate) $(config e.h5 adam_learning_rate)" = '0.2 0.02' ]
# What goes on from one of these is as wide as that is; its rate is its own.
"$run" f.h5 --scale width=2 grok-finetune --from c.h5 --steps 2 --d-model 8 --d-mlp 16 --threads 1 -q 2> /dev/null
[ "$(config f.h5 d_model) $(config f.h5 d_mlp)" = '16 32' ]
"$run" g.h5 --scale learning-rate=2 grok-finetune --from c.h5 --steps 2 --learning-rate 0.1 --threads 1 -q 2> /dev/null
[ "$(config g.h5 learning_rate)" = 0.2 ]
[ "$(echo ./*)" = './a.h5 ./b.h5 ./c.h5 ./d.h5 ./e.h5 ./f.h5 ./g.h5' ]    # and nothing is left beside them

# In rules: checkpoints and verdicts of their own, but the same runs where only the judgement differs.
rules() {    # rules [VARIANT]
    rm -rf b/kd/rules && mkdir -p b/kd/rules
    BUILD=b SEEDS='0 1..2' RULES=make VARIANT=${1:-} "$TOP/pipelines/kd-fig4a.sh" | grep -A 1 '^b/.*\.h5:'
}
rules > own
rules loss | diff own -
make -n -C "$TOP" BUILD="$PWD/m" kd-fig4a SEEDS=0 VARIANT=lr+30 2> err | grep 'train\.sh .*\.h5' > rates
grep -q "kd/quick/add-alone-adamw-f0.33-lr+30-s0.h5 '--scale' 'learning-rate=1.3' 'grok-train'" rates
rules seeds+10 > seeds
grep -A 1 'add-alone-adamw-f0.33-s10.h5' seeds | grep -q "'--seed' '10'"
grep -A 1 'add-alone-adamw-f0.33-s11..12.h5' seeds | grep -q "'--seed' '11..12'"
fails 2 "kd.sh: no variant 'lr+20'" env BUILD=b SEEDS=0 RULES=make VARIANT=lr+20 "$TOP/pipelines/kd-fig4a.sh"
fails 2 'VARIANT=lr+30 is not for grok-paper' env BUILD=b SEEDS=0 RULES=runs VARIANT=lr+30 "$TOP/pipelines/kd-fig4a.sh"
# The ledger has them beside each other, and says how to make them again.
mkdir -p l/kd/quick
for setting in '' t4-a0.9-lr+30 loss; do
    printf 'id\tscale\tsetting\tsays\tpredicate\tmeasured\tseeds\tverdict\tnote\nkd-fig4a.c1\tquick\t%s\tx\ty\tz\t2\tPASS\t\n' \
        "$setting" > "l/kd/quick/kd-fig4a${setting:+-$setting}.claims.tsv"
done
BUILD=l "$TOP/pipelines/claims.sh" l/claims.md > said
grep -qxF "| kd-fig4a | 1 |  |  |  | \`make kd-fig4a VARIANT=lr+30 TEMPERATURE=4 KD_WEIGHT=0.9\` |" l/claims.md
grep -qxF "| kd-fig4a | 1 |  |  |  | \`make kd-fig4a VARIANT=loss\` |" l/claims.md
grep -E '\| kd-fig4a.c1 \| quick \|  \|' l/claims.md > row
grep -q 't4-a0.9-lr+30: PASS' row
grep -q 'loss: PASS' row
