# What --help of grok-distill and grok-finetune shows runs as it is printed, with smaller networks and fewer steps; and so do the
# plainest commands, from a checkpoint that grok-train made without a word about sequences.
. "$TOP/tests/cli/expect.bash"
for tool in grok-distill grok-finetune; do
    "$tool" --help | sed -n '/^Examples:/,/^$/s/^  //p' | sed -e ':more' -e '/\\$/ { N; s/\\\n *//; b more' -e '}' > lines
    [ "$(grep -c -- "$tool" lines)" -ge 4 ]
    sed -E -e 's/grok-(distill|finetune) /&--steps 2 --threads 1 -q --force /g' \
        -e 's/grok-train /&--steps 2 --threads 1 -q --force --d-model 8 --n-head 2 --d-mlp 8 /g' \
        -e 's/--d-model 256 --d-mlp 1024 --n-head 8/--d-model 12 --d-mlp 8 --n-head 3/' lines > run
    not grep -q 256 run
    bash -eu -o pipefail run 2> err || { cat run err; exit 1; }
done

tiny='--steps 2 --threads 1 -q --force'
# shellcheck disable=SC2086
grok-train $tiny --task subtract --prime 11 --d-model 8 --n-head 2 --d-mlp 8 -o t.h5
config() { grok-log --config "$1" | awk -F '\t' -v name="$2" '$1 == name { print $2 }'; }
# the student learns what the teacher knows unless told otherwise, and listens where there is something to compare
# shellcheck disable=SC2086
grok-distill --teacher t.h5 $tiny -o s.h5 2> err
[ "$(config s.h5 task) $(config s.h5 prime) $(config s.h5 kl_at)" = 'subtract 11 last' ]
# shellcheck disable=SC2086
grok-distill --teacher t.h5 $tiny --task add --prime 7 -o s.h5 2> err
[ "$(config s.h5 task) $(config s.h5 prime) $(config s.h5 kl_at)" = 'add 7 last' ]
# shellcheck disable=SC2086
grok-train $tiny --sequence op-eq --prime 11 --d-model 8 --n-head 2 --d-mlp 8 -o op.h5
# shellcheck disable=SC2086
grok-distill --teacher op.h5 $tiny -o s.h5 2> err
[ "$(config s.h5 kl_at)" = op ]
# what cannot be told apart from the new task is learnt over, and a line says it and what to do
# shellcheck disable=SC2086
grok-finetune --from t.h5 $tiny --prime 7 -o c.h5 2> err
[ "$(grep -c "what 't.h5' has learnt is not evaluated: .*; train the base with it" err)" = 1 ]
grok-log -m all c.h5 | not grep -q p2/
# an error is one line, whatever else there is to say of the teacher
says() { "$@" 2> err && exit 1; [ "$(wc -l < err)" = 1 ] || { cat err; exit 1; }; }
# shellcheck disable=SC2086
says grok-finetune --from t.h5 $tiny --prime 7 --mode replay -o x.h5
grep -q "only --sequence op-mod (as of --preset kd) has tokens for operator and modulus; train the base with it" err
# shellcheck disable=SC2086
says grok-finetune --from t.h5 $tiny --mode op --fraction 0.2 -o x.h5
grep -q "'--mode op' needs an operator token, and 't.h5' reads none" err
# shellcheck disable=SC2086
says grok-distill --teacher t.h5 $tiny --kl-at both -o x.h5
# a mistake in the user's own words is not the base's
# shellcheck disable=SC2086
says grok-finetune --from t.h5 $tiny --prime 11 --also-eval add:7 -o x.h5
