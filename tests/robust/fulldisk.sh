#!/bin/bash
# A full disk: the old file stays whole, nothing is left beside it, exit status 1 and one line that says so.
. "$(dirname "$0")/common.bash"
big=("${TINY[@]}" --d-model 128 --d-mlp 512)    # some megabytes
grok-train "${TINY[@]}" --steps 10 --snapshot-every 10 -o small.h5 || { failed 'cannot train'; finish; }

# refused COMMAND...: in the current folder, with old.h5 to be kept
refused() {
    cp small.h5 "$folder/old.h5" && (cd "$folder" && exits 1 "$@") || return 1
    cmp small.h5 "$folder/old.h5" || return 1
    only "$folder" old.h5 || return 1
    [ "$(wc -l < "$SCRATCH/err")" = 1 ]
}

# everything FOLDER: the ways to fill it
everything() {
    folder=$1
    check "$2: training over an old file" refused grok-train "${big[@]}" --steps 5 --force -o old.h5
    check "$2: resuming into the same file" refused grok-train --resume old.h5 --steps 2000 -q
    check "$2: a dataset" refused grok-data --task random --prime 997 --force -o old.h5
}

mkdir small
if mount -t tmpfs -o size=1m none small 2> /dev/null; then
    trap 'umount "$SCRATCH/small"; rm -rf "$SCRATCH"' EXIT
    everything small 'tmpfs of 1 MB'
else
    echo 'skipped fulldisk.sh: no right to mount a tmpfs (the limit on file size below remains)'
fi

mkdir limited
trap '' XFSZ                # write says "file too large" instead
ulimit -S -f 800               # of 1024 bytes
everything limited 'limit of 800 KB'
ulimit -S -f unlimited

check 'a checkpoint to a full pipe' exits 1 bash -c 'grok-train "$@" --steps 5 -o - > /dev/full' train "${TINY[@]}"
check 'a table to a full disk' exits 1 bash -c 'grok-log small.h5 > /dev/full'
finish
