#!/bin/bash
# from.sh FOLDER FIGURE...: draw and judge these figures from what grok-paper brought: an archive of it, unpacked into FOLDER.
# Which settings a figure was run with stands there; those that are set here (SEEDS, TASKS, TEMPERATURE, ...) go before.
set -eu
here=$(dirname "$0") folder=$1
shift
for figure; do
    found=''
    while IFS=$'\t' read -ra words; do
        [ "${words[0]}" = "$figure" ] || continue
        settings=()
        for setting in "${words[@]:1}"; do
            name=${setting%%=*}
            [ -n "${!name:-}" ] || settings+=("$setting")
        done
        env FROM="$folder" "${settings[@]}" "$here/$figure.sh" < /dev/null
        found=1
    done < "$folder/figures"
    [ -n "$found" ] || echo "$figure: '$folder' has nothing of it" >&2
done
