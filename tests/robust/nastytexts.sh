#!/bin/bash
# Texts in files, and names of files, may hold anything: no tool lets a terminal see what steers it, or what is not UTF-8.
. "$(dirname "$0")/common.bash"

# clean COMMAND...: whatever its status, it says something, and nothing of it on standard output or error steers a terminal
clean() {
    "$@" > said 2>&1 < /dev/null
    [ -s said ] || { echo "said nothing: $*"; return 1; }
    if ! iconv -f UTF-8 -t UTF-8 said > same; then echo "not UTF-8: $*"; return 1; fi
    ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xd8\x9c' said ||
        { echo "steers a terminal: $*"; cat -v said | head -n 20; return 1; }
}

name=$(printf 'n\x1b[2J\xc2\x9b31m\xff\xe2\x80\xae')
check 'a run' grok-train "${TINY[@]}" --steps 20 -o run.h5
check 'its nasty copy' "$BUILD/robust/nastytexts" run.h5 "$name.h5"
{
    printf 'x\ty\tof %s\n' "$name"
    for x in 1 2 3 4; do printf '%s\t%s\t%s\n' "$x" "$x" "$name"; done
} > "$name.tsv"
check 'a table' [ -s "$name.tsv" ]
check grok-ls clean grok-ls "$name.h5"
check 'grok-ls --json' clean grok-ls --json "$name.h5"
check grok-check clean grok-check "$name.h5"
check 'grok-check -v' clean grok-check -v "$name.h5"
for what in --final --config --lineage --runs --metric=test_acc; do
    check "grok-log $what" clean grok-log "$what" "$name.h5"
    check "grok-log $what --json" clean grok-log "$what" --json "$name.h5"
done
check grok-detect clean grok-detect "of=$name" "$name.h5"
check grok-norms clean grok-norms "$name.h5"
check grok-fourier clean grok-fourier "$name.h5"
check grok-plot clean grok-plot "$name.tsv" --term -x x -y y --by "of $name"
check 'grok-plot of a checkpoint' clean grok-plot "$name.h5" --term -y test_acc
check 'a map' clean grok-plot "$name.tsv" --term -x x -y y --heatmap y --title "$name"
check grok-stat clean grok-stat -i "$name.tsv" median y --by "of $name"
check 'grok-stat, a wrong column' clean grok-stat -i "$name.tsv" median "$name"
check grok-claims clean grok-claims "$name.tsv" "$name.tsv"
check 'grok-train --resume' clean grok-train --resume "$name.h5" --steps 21
check 'grok-finetune' clean grok-finetune --from "$name.h5" --steps 21 -o x.h5
check 'grok-distill' clean grok-distill --teacher "$name.h5" --steps 21 --force -o x.h5
check 'grok-merge' clean grok-merge "$name.h5" "$name.h5" --force -o x.h5
check 'grok-data' clean grok-data --data "$name.h5" show
finish
