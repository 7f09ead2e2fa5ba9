#!/bin/bash
# best.sh SIZE SEED,... COMMAND...: for grok-critical, which puts size and seeds there: a landscape at this fraction of the items,
# and as a table for every seed `right`, 1 less the lowest test error at any norm.
set -eu
size=$1 seeds=$2 folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
shift 2
"$@" --fraction "$size" --seed "$seeds" --keep metrics -q -o "$folder/cells.h5" >&2
printf 'seed\tright\n'
grok-log --landscape "$folder/cells.h5" | grok-rows --sort test_error - |
    grok-rows --unique seed --define 'right=1-test_error' --select seed,right - | tail -n +2
