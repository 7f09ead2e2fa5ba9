# Checkpoints go down pipes and come out of them; a closed pipe ends as it ends any
# program, a full one is an error.
small='--prime 5 --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q'
# shellcheck disable=SC2086
grok-train $small --steps 20 -o - | tee piped.h5 | grok-log - | grep -v '^#' | tail -n 1 > last
[ "$(cut -f 3 last)" = 20 ] || [ "$(cut -f 2 last)" = 20 ]
# shellcheck disable=SC2086
grok-train $small --steps 20 -o file.h5
for object in /model /optimizer /history /runs; do
    h5diff file.h5 piped.h5 "$object"
done
grok-train --resume - --steps 40 -q -o more.h5 < piped.h5
grok-train --resume file.h5 --steps 40 -q
h5diff file.h5 more.h5 /history

status=0
# shellcheck disable=SC2086
{ grok-train $small --steps 20 -o - 2> err || status=$?; echo "$status" > status; } | true
[ "$(cat status)" = 141 ]
[ ! -s err ]
status=0
# shellcheck disable=SC2086
grok-train $small --steps 20 -o - > /dev/full 2> err || status=$?
[ "$status" = 1 ]
grep -q 'No space left on device' err
