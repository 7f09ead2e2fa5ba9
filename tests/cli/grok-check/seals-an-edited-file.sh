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
