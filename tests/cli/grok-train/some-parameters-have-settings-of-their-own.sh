# --params: other rates and decays for some tensors, per run of a grid where there are lists; --freeze is one case of it.
. "$TOP/tests/cli/expect.bash"
small='--task add --prime 7 --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q --steps 20 --log-every 10'
# shellcheck disable=SC2086
train() { grok-train $small "$@"; }
values() { h5dump -y -d "/model/$2" "$1.h5" | awk '/DATA {/ { on = 1 } on { print } on && /}/ { exit }'; }

# a rate of 0 moves nothing, nor does freezing; the others move
train --params '@embedding: learning-rate=0' --params 'block0.mlp.*: freeze' -o still.h5
train -o free.h5
train --freeze 'block0.mlp.*' --params '@embedding: learning-rate=0' -o freeze.h5
train --steps 0 -o initial.h5
for tensor in embed.weight block0.mlp.in.weight; do
    cmp <(values initial $tensor) <(values still $tensor)
    not cmp -s <(values free $tensor) <(values still $tensor)
done
not cmp -s <(values initial unembed.weight) <(values still unembed.weight)
h5diff freeze.h5 still.h5 /model

# each run of a list is as alone, and its number stands in a column of its own
train --params '*.bias: weight-decay=0; unembed.*: learning-rate=1e-3,1e-2' --weight-decay 1 -o both.h5
grok-log --runs both.h5 | grok-rows --select run,params2_learning_rate - > runs
printf 'run\tparams2_learning_rate\n0\t0.001\n1\t0.01\n' | cmp - <(grep -v '^#' runs)
train --params '*.bias: weight-decay=0' --params 'unembed.*: learning-rate=1e-2' --weight-decay 1 -o alone.h5
grok-pick both.h5 'params=*.bias: weight-decay=0; unembed.*: learning-rate=0.01' -o picked.h5
h5diff picked.h5 alone.h5 /model
cmp <(grok-log picked.h5 | grep -v '^#') <(grok-log alone.h5 | grep -v '^#')

# what is nothing is told
fails 2 "no parameter matches 'nothing.*'" grok-train --dry-run --params 'nothing.*: freeze'
fails 2 "did you mean 'weight-decay'?" grok-train --dry-run --params '*.bias: weight-decoy=0'
fails 2 "sets what '--optimizer sgd' does not read" grok-train --dry-run --optimizer sgd --params '*: beta1=0.5'
fails 2 "nothing is left to train" grok-train --dry-run --params '*: freeze'
# --decay-form has an effect where only some tensors decay
grok-train --dry-run --decay-form coupled --params '*.bias: weight-decay=1' -q > /dev/null
