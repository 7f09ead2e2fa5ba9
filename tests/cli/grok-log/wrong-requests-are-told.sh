# Every wrong request gets one clear line, the right exit status, and nothing on standard output.
. "$TOP/tests/cli/expect.bash"
grok-train --task add --prime 5 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5 -q -o a.h5
fails 2 'only one of --runs, --final, --landscape, --config and --lineage' grok-log --runs --final a.h5
fails 2 'missing argument' grok-log
fails 1 "cannot read 'none.h5': No such file" grok-log none.h5
fails 2 "no metric 'acc' in 'a.h5': it has train_loss" grok-log a.h5 -m acc
fails 2 "no run 7 in 'a.h5'" grok-log a.h5 --run 7
fails 2 "no group 1 in 'a.h5'" grok-log a.h5 --group 1
fails 1 "cannot write 'no/such/folder'" grok-log a.h5 -o no/such/folder
head -c 2000 a.h5 > cut.h5
fails 1 "'cut.h5'" grok-log cut.h5
printf 'step\tacc\n1\t2\n' > t.tsv
fails 1 "'t.tsv'" grok-log t.tsv
status=0
grok-log a.h5 > /dev/full 2> err || status=$?
[ "$status" = 1 ]
grep -q 'No space left' err
