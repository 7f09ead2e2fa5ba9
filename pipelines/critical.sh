#!/bin/bash
# critical.sh OUT OPTION... -- COMMAND...: make the table OUT of outcomes with grok-critical.  It grows beside OUT and gets its
# name when all is known, so that OUT is always whole; what was interrupted goes on.  That there is no threshold is known, too.
set -eu
out=$1 part=${1%.tsv}.part.tsv status=0
shift
mkdir -p "$(dirname "$out")"
grok-critical --runs "$part" "$@" > /dev/null || status=$?
case $status in 0 | 3) ;; *) exit "$status" ;; esac
rm -f "${part%.tsv}"-*.h5    # the checkpoints that it made
mv "$part" "$out"
