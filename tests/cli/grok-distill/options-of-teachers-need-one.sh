# Options about teachers are refused where there is none; beside one they are not.
. "$TOP/tests/cli/expect.bash"
tiny='--d-model 8 --n-head 2 --d-mlp 8 --threads 1 --device cpu -q'
# shellcheck disable=SC2086
grok-train $tiny --sequence op-mod --prime 7 --fraction 0.5 --steps 5 -o t.h5
fails 2 "'--temperature' has no effect here: it is for runs with a teacher" grok-finetune --from t.h5 --temperature 1,2 -o x.h5
fails 2 "'--kd-weight' has no effect" grok-finetune --from t.h5 --kd-weight 0.3 -o x.h5
fails 2 "'--init-seed' has no effect here: it is for runs that begin with initial parameters" \
    grok-finetune --from t.h5 --init-seed 3 -o x.h5
grok-finetune --from t.h5 --mode op --temperature 1 --steps 3 -q -o f.h5
grok-distill --teacher t.h5 --prime 5 --fraction 0.5 --temperature 1,2 --steps 3 -q -o s.h5
[ "$(grok-log --runs s.h5 | grep -vc '^#')" = 3 ]
