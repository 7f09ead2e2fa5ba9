# tasks that are joined are learnt together, from options as from a file; others are only evaluated; each has its metrics
. "$TOP/tests/cli/expect.bash"
small='--d-model 16 --n-head 2 --d-mlp 16 --steps 10 --threads 1 -q --seed 3'
tasks='--sequence op-mod --prime 11 --join add:7:0.5 --also-eval subtract:7:0.2'
# rows FILE [RUN]: the history of a run, every metric
rows() { grok-log --metric all --run "${2:-0}" "$1" | grep -v '^#'; }

# shellcheck disable=SC2086  # lists of options
grok-train $tasks $small -o options.h5
rows options.h5 > history
for metric in p1/train_acc p1/test_acc p2/train_loss p2/test_acc p3/test_acc; do
    head -n 1 history | tr '\t' '\n' | grep -qx "$metric"
done
head -n 1 history | tr '\t' '\n' | not grep -q '^p3/train'
# shellcheck disable=SC2086
grok-data -q $tasks --seed 3 -o joint.h5
# shellcheck disable=SC2086
grok-train --data joint.h5 $small -o file.h5
rows file.h5 | diff history -
[ "$(wc -l < history)" = 12 ]

# the answers of a joined task random are those of the run's data seed
tasks='--task subtract --sequence op-mod --prime 11 --join random:7'
# shellcheck disable=SC2086
grok-train $tasks --data-seed 0,1 $small -o both.h5
# shellcheck disable=SC2086
grok-train $tasks --data-seed 1 $small -o one.h5
last() { rows "$@" | tail -n 1 | tr '\t' '\n' | tail -n 20; }
diff <(last both.h5 1) <(last one.h5)
not cmp -s <(last both.h5 0) <(last one.h5)
