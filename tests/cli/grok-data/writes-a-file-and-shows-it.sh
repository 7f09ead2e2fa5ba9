# a dataset file holds the items that the task makes, and the split that was asked for
grok-data --task divide --prime 97 -o items.h5 2> log
[ "$(cat log)" = "grok-data: wrote divide mod 97, 9312 items, to 'items.h5'" ]
grok-data --task divide --prime 97 show -n 20 > direct
grok-data show items.h5 -n 20 > from_file
diff direct from_file
grep -q '^# divide mod 97: 9312 items of 3 tokens, 97 answers$' direct
grep -q '^# split: none stored$' direct

grok-data --quiet --task add --fraction 0.3 --seed 1 --label-noise 0.1 -o split.h5 2> log
[ ! -s log ]
grok-data show split.h5 -n 20000 > rows
grep -q '^# split: 3830 train, 8939 test; 3[78][0-9] train labels differ from the answer$' rows
[ "$(grep -vc '^#' rows)" = 12770 ]
[ "$(cut -f 6 rows | grep -c '^train$')" = 3830 ]
[ "$(cut -f 6 rows | grep -c '^test$')" = 8939 ]
awk -F '\t' '$6 == "test" && $7 != "" { exit 1 }' rows
awk -F '\t' '!/^#/ && $1 != "item" { split($2, id, " "); if ((id[1] + id[2]) % 113 != $4) exit 1 }' rows

# items of a file can be split anew, and the result is a file again
grok-data -q --data items.h5 --fraction 0.5 -o half.h5
grok-data show half.h5 -n 0 | grep -q '^# split: 4656 train, 4656 test; 0 train'
