# Students take vocabulary and shape from their teacher, pair with its runs by seed, mix tasks, and go on bit for bit.
tiny='--d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q'
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --batch full --steps 40 --seed 3,4 -o t.h5
column() {
    grok-log "${@:2}" | grep -v '^#' |
        awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) k = i; next } { print $k }'
}

# defaults follow the teacher; each student hears the teacher with its seed: alone or with others, the same numbers
grok-distill --teacher t.h5 --prime 7 --fraction 0.5 --seed 3,4 --steps 30 --threads 1 -q -o both.h5 2> /dev/null
grok-distill --teacher t.h5 --prime 7 --fraction 0.5 --seed 4 --steps 30 --threads 1 -q -o one.h5 2> /dev/null
grok-log --config one.h5 | grep -qP '^vocab_prime\t11$'
grok-log --config one.h5 | grep -qP '^d_model\t8$'
grok-log -m kd_loss,test_loss,l2_norm both.h5 | awk -F '\t' '$2 == 4' | cut -f 2- > pair
grok-log -m kd_loss,test_loss,l2_norm one.h5 | awk -F '\t' '$2 == 4' | cut -f 2- > alone
diff pair alone
grok-log --lineage one.h5 | grep -q "$(printf '1\tteacher\tt.h5')"

# a student with the teacher's own weights has nothing to learn from it
grok-finetune --from t.h5 --from-run 0 --prime 7 --mode op --seed 3 --steps 0 -q -o same.h5 2> /dev/null
column kd_loss -m kd_loss same.h5 | awk '{ exit !($1 < 1e-6 && $1 > -1e-6) }'

# KL falls when it is all that is learnt, and labels are not looked at
grok-distill --teacher t.h5 --teacher-run 1 --prime 7 --fraction 0.5 --kl-at both --kd-weight 1 --learning-rate 0.01 --steps 200 \
    --threads 1 -q -o kl.h5 2> /dev/null
column kd_loss -m kd_loss kl.h5 | awk 'NR == 1 { first = $1 } { last = $1 } END { exit !(last < 0.2 * first) }'

# two tasks, two teachers: metrics of each
grok-distill --teacher p1=t.h5 --teacher p2=one.h5 --teacher-run 0 --prime 11 --fraction 0.5 --join add:7:0.3 \
    --kl-at last --kd-weight 1 --d-model 12 --n-head 3 --steps 20 --threads 1 -q -o joint.h5 2> /dev/null
for metric in p1/train_loss p1/test_acc p2/train_acc p2/test_loss; do column $metric -m $metric joint.h5 | grep -q '[0-9]'; done
grok-check joint.h5 > /dev/null

# resumed for more steps: the same bytes
more() { grok-distill --teacher t.h5 --teacher-run 0 --prime 11 --fraction 0.4 --join subtract:11:0.3 --seed 0,1 --temperature 3 \
    --batch 20 --threads 1 -q "$@" 2> /dev/null; }
more --steps 50 -o a.h5
more --steps 23 -o b.h5
grok-distill --resume b.h5 --steps 50 -q 2> /dev/null
for object in /model /optimizer /history /runs; do h5diff a.h5 b.h5 $object; done

# from a pipe, to a pipe
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --batch full --steps 5 -o - |
    grok-distill --teacher - --prime 7 --fraction 0.5 --steps 5 --threads 1 -q -o - 2> /dev/null | grok-log --final - > table
[ "$(grep -vc '^#' table)" = 2 ]
