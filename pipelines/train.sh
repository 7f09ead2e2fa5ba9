#!/bin/bash
# train.sh OUT [--scale learning-rate=F|width=F] COMMAND...: make the checkpoint OUT with a tool that trains.  It grows beside
# OUT and gets its name when it is done, so that OUT is always whole; what was interrupted is resumed.  --scale: all learning
# rates, or all widths, of the command F times as large.
set -eu
out=$1 part=${1%.h5}.part.h5 scale=''
shift
if [ "$1" = --scale ]; then
    scale=$2
    shift 2
fi
mkdir -p "$(dirname "$out")"
how=()
command=("$@")

# scaled TEXT: 1, lists, ranges and widths "64x64" F times as large; widths stay whole
scaled() {
    awk -v factor="${scale#*=}" -v whole="$([ "${scale%%=*}" = width ] && echo 1)" '
        { while (match($0, /[0-9.]+(e[-+]?[0-9]+)?/)) {
              before = substr($0, 1, RSTART - 1); value = substr($0, RSTART, RLENGTH)
              points = before ~ /:x?$/ && ++colon == 2    # of a range
              out = out before (points ? value : whole ? int(value * factor + 0.5) : value * factor)
              if (before ~ /,$/) colon = 0
              $0 = substr($0, RSTART + RLENGTH)
          }
          print out $0 }' <<< "$1"
}
# base: what it goes on from (--from), if that is something
base() {
    local i
    for ((i = 1; i < ${#command[@]} - 1; i++)); do [ "${command[i]}" != --from ] || echo "${command[i + 1]}"; done
}
# What the command would record says what its rate and widths are, whoever has set them; what goes on is as wide as its base,
# which is scaled already.
add_scaled() {
    local probe=${part%.part.h5}.probe.h5 names='learning_rate' name value from=''
    [ "${scale%%=*}" != width ] || from=$(base)
    [ -n "$from" ] || "${command[@]}" --steps 0 --keep metrics -q --force -o "$probe"
    of() { grok-log --config "${from:-$probe}" | awk -F '\t' -v name="$1" '$1 == name { print $2 }'; }
    [ "$(of optimizer)" != muon ] || names='learning_rate adam_learning_rate'
    if [ "${scale%%=*}" = width ]; then
        names=widths
        [ "$(of model)" != transformer ] || names='d_model d_mlp'
    fi
    for name in $names; do
        value=$(of "$name")
        [ -n "$from" ] || value=$(scaled "$value")
        command+=("--${name//_/-}" "$value")
    done
    rm -f "$probe"
}
[ -z "$scale" ] || add_scaled
if [ -e "$part" ]; then
    for ((i = 1; i < $#; i++)); do    # how to run may change, what to train may not
        case ${command[i]} in --device | --threads | --steps) how+=("${command[i]}" "${command[i + 1]}") ;; esac
    done
    "${command[0]}" --resume "$part" "${how[@]}"
else
    "${command[@]}" -o "$part"
fi
mv "$part" "$out"
