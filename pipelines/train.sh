#!/bin/bash
# train.sh OUT COMMAND...: make the checkpoint OUT with a tool that trains.  It grows beside OUT and gets its name when it is
# done, so that OUT is always whole; what was interrupted is resumed.
set -eu
out=$1 part=${1%.h5}.part.h5
shift
mkdir -p "$(dirname "$out")"
how=()
command=("$@")
if [ -e "$part" ]; then
    for ((i = 1; i < $#; i++)); do    # how to run may change, what to train may not
        case ${command[i]} in --device | --threads | --steps) how+=("${command[i]}" "${command[i + 1]}") ;; esac
    done
    "${command[0]}" --resume "$part" "${how[@]}"
else
    "${command[@]}" -o "$part"
fi
mv "$part" "$out"
