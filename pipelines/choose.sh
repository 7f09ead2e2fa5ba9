#!/bin/bash
# choose.sh OUT CANDIDATE SEED COMMAND...: OUT is the checkpoint CANDIDATE if all its runs end at 99 % of the test set or more.
# A run that does not is no teacher: COMMAND trains its replacements, with the seeds SEED + 1000, SEED + 1001,
# ..., until one does.  The replacement is said on stderr, and its seed is the one in OUT.
#   HOW         further options of COMMAND: those of the machine, for grok-paper
#   STAND_IN=1  OUT is CANDIDATE, whatever it has learnt: for grok-paper --dry-run
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1 candidate=$2 seed=$3 most=3
shift 3
read -ra how <<< "${HOW:-}"

finals() { grok-log --final "$1" | grok-rows "${@:2}" -; }
accuracy() { finals "$1" --sort test_acc --select test_acc | sed -n 2p; }    # of the worst run
is_teacher() { [ "$(finals "$1" --where 'test_acc >= 0.99' | wc -l)" = "$(finals "$1" | wc -l)" ]; }

chosen=$candidate
[ -z "${STAND_IN:-}" ] || exec ln -f "$candidate" "$out"
case $seed in *..*) most=0 ;; esac    # of several runs in one file none can be replaced alone
for ((try = 0; try < most; try++)); do
    ! is_teacher "$chosen" || break
    chosen=${out%.h5}-$((seed + 1000 + try)).h5
    [ -e "$chosen" ] || "$here/train.sh" "$chosen" "$@" "${how[@]}" --seed $((seed + 1000 + try))
done
if ! is_teacher "$chosen"; then
    echo "choose.sh: no run of '$candidate' or its replacements ends at 99 % of the test set: '$candidate' teaches anyway" >&2
    chosen=$candidate
elif [ "$chosen" != "$candidate" ]; then
    echo "choose.sh: '$candidate' ends at $(accuracy "$candidate") of the test set: '$chosen' teaches in its place" >&2
fi
ln -f "$chosen" "$out"
