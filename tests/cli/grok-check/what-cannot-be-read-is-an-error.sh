# a missing file, a folder: a message on standard error, exit 1; the other files are checked all the same
: > empty.h5
status=0
grok-check missing.h5 . empty.h5 > out 2> err || status=$?
[ "$status" = 1 ]
printf '%s\n' "grok-check: cannot read 'missing.h5': No such file or directory" "grok-check: cannot read '.': it is a folder" |
    diff - err
[ "$(cat out)" = "cannot read 'empty.h5': it is empty" ]
