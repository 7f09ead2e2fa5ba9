# --leaks: copies, contradictions, classes that train lacks, a row a run; grok-train says it once
. "$TOP/tests/cli/expect.bash"
small='--d-model 16 --n-head 2 --d-mlp 16 --threads 1 -q --steps 2'
printf 'a,b,c,set\n1,2,x,train\n1,2,y,train\n2,2,z,test\n1,2,x,test\n3,3,x,test\n' > items.csv
grok-data import items.csv --tokens a,b --label c --split-column set -q -o split.h5
grok-data import items.csv --tokens a,b --label c -q -o whole.h5
status=0
grok-check --leaks split.h5 whole.h5 > found || status=$?
[ "$status" = 3 ]
cut -f 1-8 found | diff - <(printf '%s\n' \
    $'file\trun\tn_train\tn_test\tcopies\tcontradictions\tabsent_classes\tabsent_items' \
    $'split.h5\t\t2\t3\t1\t1\t1\t1' $'whole.h5\t\t5\t0\t2\t1\t0\t0')
sed -n 2p found | grep -qF "test items that are copies of train items: 1 of 3 (item 3 of item 0); items that contradict one that \
is alike: 1 (item 1 item 0); classes that no train item has: 1 of 6 (z), of 1 test items"

# shellcheck disable=SC2086  # lists of options
grok-train --data split.h5 $small --seed 0,1 -o runs.h5 2> said
[ "$(grep -c 'warning: items.csv: test items that are copies of train items: 1 of 3' said)" = 1 ]
status=0
grok-check --leaks --json runs.h5 > found || status=$?
[ "$status" = 3 ]
[ "$(grep -c '"run": [01], "n_train": 2, "n_test": 3, "copies": 1, ' found)" = 2 ]

# shellcheck disable=SC2086
grok-train --prime 11,13 --seed 0,1 $small --fraction 0.7 -o good.h5 2> said
[ ! -s said ]
grok-check --leaks good.h5 > found
[ "$(wc -l < found)" = 5 ]
fails 1 "'items.csv'"                            grok-check --leaks items.csv
fails 2 "--seal and --leaks exclude each other"  grok-check --leaks --seal good.h5
