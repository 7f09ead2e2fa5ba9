# KEY=VALUE is a column for the files after it, before all others, until it is assigned anew.
train() { grok-train --task add --prime 5 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5 -q "$@"; }
train -o a.h5
train --seed 3 -o b=1.h5
tab=$(printf '\t')
rows() { grok-log --runs "$@" | grep -v '^#' | cut -f 1-3; }
[ "$(rows curve=AdamW panel=add a.h5 ./b=1.h5 curve=Adam a.h5)" = "curve${tab}panel${tab}file
AdamW${tab}add${tab}a.h5
AdamW${tab}add${tab}./b=1.h5
Adam${tab}add${tab}a.h5" ]
# not assigned yet, empty, with '=' and blanks
[ "$(rows a.h5 x= a.h5 x='y = z' a.h5 | cut -f 1)" = "x


y = z" ]
# one file: no column that says which; every table of runs has them, and every record
[ "$(grok-log --final x=1 a.h5 | grep -v '^#' | cut -f 1,2)" = "x${tab}run
1${tab}0" ]
[ "$(grok-log x=1 a.h5 | grep -v '^#' | tail -n +2 | cut -f 1 | sort -u)" = 1 ]
grok-log --final --json x=1 a.h5 | grep -q '^{"x": "1", "run": 0'
# a name that is taken, whichever column has it
for request in run=x step=x status=x train_acc=x step_test_99=x; do
    status=0
    grok-log --final "$request" a.h5 > /dev/null 2> err || status=$?
    [ "$status" = 2 ]
    [ "$(cat err)" = "grok-log: tag '${request%=x}' is a column of the table, too: choose another name (try 'grok-log --help')" ]
done
[ "$(rows status=x a.h5 2>&1 | wc -l)" = 1 ]
grok-log status=x a.h5 | grep -q "^status${tab}run"
