# a file that was edited is refused, until --seal
grok-data --task add --prime 7 -q -o data.h5
size=$(stat -c %s data.h5)
head -c $((size - 128)) data.h5 > bare.h5
status=0
grok-check bare.h5 > out || status=$?
[ "$status" = 3 ]
grep -q 'grok-check --seal' out
grok-check --seal bare.h5
cmp data.h5 bare.h5
grok-check --seal bare.h5          # again: the seal is replaced, not repeated
cmp data.h5 bare.h5
printf 'text\n' > text
status=0
grok-check --seal text 2> err || status=$?
[ "$status" = 1 ]
[ "$(cat err)" = "grok-check: cannot seal 'text': it is not HDF5" ]
status=0
grok-check --seal - < data.h5 2> err || status=$?
[ "$status" = 2 ]
# what has other faults is left as it was: a seal would vouch for it
grok-train --task add --prime 5 --d-model 8 --n-head 2 --d-mlp 8 --steps 2 --threads 1 -q -o whole.h5
size=$(stat -c %s whole.h5)
for n in $((size - 1000)) $((size / 2)) 100; do
    head -c "$n" whole.h5 > cut.h5
    cp cut.h5 before.h5
    status=0
    grok-check --seal cut.h5 > out 2> err || status=$?
    [ "$status" = 3 ]
    [ -s out ]
    cmp cut.h5 before.h5
done
{ head -c $((size - 200)) whole.h5; printf 'other bytes at the end'; tail -c 178 whole.h5; } > late.h5
cp late.h5 before.h5
status=0
grok-check --seal late.h5 > out || status=$?
[ "$status" = 0 ] || cmp late.h5 before.h5
