# Subclasses are shown with their counts, thinned as equation 1 says, kept in files, and refused where they are not there.
. "$TOP/tests/cli/expect.bash"
small=(--task equidistant --items 4000 --test-items 80)
grok-data show "${small[@]}" --size 2000 --thin '*.1' --thin-to 1/5 -n 1 > shown
grep -q '^# subclass 1.0: 510 items, 416 train, 10 test$' shown
[ "$(grep -c '^# subclass .*: 510 items, 83 train, 10 test$' shown)" = 4 ]
grep -q '^# split: 1996 train, 80 test' shown
grok-data show "${small[@]}" --size 2000 --thin '*.1' --thin-to 0.2 -n 1 | cmp - shown
grok-data show "${small[@]}" --size 2000 --thin '*.1' -n 1 | grep -q '^# subclass 4.1: 510 items, 0 train, 10 test$'
grok-data show "${small[@]}" --json -n 1 | head -n 1 | grep -q '"subclasses_by": *"own", *"subclasses": *"1.0, 1.1, 2.0'

# a file of groups, of this dataset and of no other
grok-data show --prime 5 --subclasses row --thin 3+4 -n 25 > rows
{
    echo "# items $(sed -n 's/^# sha256 of the items: //p' rows)"
    awk -F '\t' '!/^#/ && !head++ { print "item\tsubclass"; next } !/^#/ { print $1 "\t" ($6 > 2 ? "far" : "near") }' rows
} > groups.tsv
grok-data show --prime 5 --subclasses groups.tsv --thin far -n 25 | awk -F '\t' '!/^#/ && $6 == "far" && $7 == "train"' > found
[ ! -s found ]
grok-data --prime 5 --subclasses groups.tsv -q -o five.h5
grok-data show five.h5 --thin near --thin-to 1 --fraction 0.5 -n 1 | grep -q '^# subclass far: 10 items, [0-9]* train'
grok-check five.h5

fails 2 "invalid value '1.5' for '--thin-to': expected a number from 0 to 1" grok-data show "${small[@]}" --thin 1.0 --thin-to 1.5
fails 2 "invalid value '-1/5' for '--thin-to'"       grok-data show "${small[@]}" --thin 1.0 --thin-to=-1/5
fails 2 "'--thin-to' has no effect here"             grok-data show "${small[@]}" --thin-to 0.5
fails 2 "has no such subclass (did you mean"         grok-data show "${small[@]}" --thin 1.2
fails 2 "asks for 625 train items of subclass '1.0'" grok-data show "${small[@]}" --size 5000
fails 2 "'--thin' is for a single task"              grok-data show --prime 5 --sequence op-mod --join add:7 --thin 1
fails 1 "subclasses of 'groups.tsv': line 1: it is of other items than those of 'add mod 7'" \
    grok-data show --prime 7 --subclasses groups.tsv
fails 2 "'--sigma' has no effect here"               grok-data show --sigma 1
