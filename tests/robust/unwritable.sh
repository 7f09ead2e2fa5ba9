#!/bin/bash
# A target that cannot be written is refused before training: at once, exit status 1, one line that names it.
. "$(dirname "$0")/common.bash"

# refused TARGET: a run that would take hours says no within seconds
refused() {
    exits 1 timeout 10 grok-train "${TINY[@]}" --steps 1000000000 -o "$1" || return 1
    [ "$(wc -l < "$SCRATCH/err")" = 1 ] && grep -qF "'$1'" "$SCRATCH/err" && return
    echo "message: $(cat "$SCRATCH/err")"
    return 1
}

touch file
mkdir folder readonly
check 'a folder that does not exist' refused missing/run.h5
check 'a folder'                     refused folder
check 'a path below a file'          refused file/run.h5
check 'a device that is full'        exits 1 timeout 20 bash -c 'grok-train "$@" --steps 2 -o - > /dev/full' train "${TINY[@]}"
if [ "$(id -u)" != 0 ]; then
    chmod a-w readonly
    check 'a folder without the right to write' refused readonly/run.h5
elif mount -t tmpfs -o ro none readonly 2> /dev/null; then
    trap 'umount "$SCRATCH/readonly"; rm -rf "$SCRATCH"' EXIT
    check 'a file system that is read-only' refused readonly/run.h5
else
    echo 'skipped unwritable.sh: root may write everywhere, and may not mount'
fi
grok-train "${TINY[@]}" --steps 2 -o run.h5 || failed 'cannot train'
check 'resuming into a missing folder' exits 1 timeout 10 grok-train --resume run.h5 --steps 1000000000 -o missing/x.h5 -q
finish
