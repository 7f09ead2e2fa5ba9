# Every wrong request gets one clear line, the right exit status, and nothing on standard output.
grok-train --task add --prime 5 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5 -q -o a.h5
fails() {
    local expected=$1 message=$2 found=0
    shift 2
    grok-log "$@" > out 2> err || found=$?
    [ "$found" = "$expected" ] || { echo "exit $found, expected $expected: grok-log $*"; cat err; return 1; }
    if [ -s out ] || [ "$(wc -l < err)" != 1 ]; then echo "more than one line: grok-log $*"; cat out err; return 1; fi
    grep -qF -- "$message" err || { echo "expected '$message', found:"; cat err; return 1; }
}
fails 2 'only one of --runs, --final, --landscape, --config and --lineage' --runs --final a.h5
fails 2 'missing argument'
fails 1 "cannot read 'none.h5': No such file" none.h5
fails 1 "no metric 'acc' in 'a.h5': it has train_loss" a.h5 -m acc
fails 1 "no run 7 in 'a.h5'" a.h5 --run 7
fails 1 "no group 1 in 'a.h5'" a.h5 --group 1
fails 1 "cannot write 'no/such/folder'" a.h5 -o no/such/folder
head -c 2000 a.h5 > cut.h5
fails 1 "'cut.h5'" cut.h5
printf 'step\tacc\n1\t2\n' > t.tsv
fails 1 "'t.tsv'" t.tsv
status=0
grok-log a.h5 > /dev/full 2> err || status=$?
[ "$status" = 1 ]
grep -q 'No space left' err
