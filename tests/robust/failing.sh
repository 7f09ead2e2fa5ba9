#!/bin/bash
# Calls that fail, of every tool that writes a file: open, write, fsync, fchmod, rename, close, ... on the files of the folder of
# the target fail once, or from some call on, with ENOSPC, EIO, EINTR, or write only half.  Each time the old file is whole and
# the exit status is 1, or the new file equals the undisturbed one and the exit status is 0; and nothing lies beside it, but what
# the same command then goes on from to the undisturbed file.  What is interrupted or partial is continued, so the exit status
# must be 0 then.
# FAILING=all: every call in every way; else one in thirteen.
. "$(dirname "$0")/common.bash"
. "$TOP/tests/robust/writers.bash"
export LD_PRELOAD='' FAIL_FOLDER=$SCRATCH/out OMP_NUM_THREADS=1
shim=$BUILD/robust/failing.so
[ -e "$shim" ] || { failed "no $shim"; finish; }

# run KEY: its command, with the calls that it makes listed in $SCRATCH/calls
run() {
    rm -f "$SCRATCH/calls"
    # shellcheck disable=SC2086
    FAIL_COUNT=$SCRATCH/calls LD_PRELOAD=$shim timeout 20 ${writer[$1]} $force -o "$target" > out.txt 2> err.txt < /dev/null
}

# begin: a folder that holds the old file alone
begin() {
    rm -rf out && mkdir out && cp "old${target#out/o}" "$target"
}

# goes_on KEY FILE: from what was kept, if anything was
goes_on() {
    [ -e "$2" ] || return 0
    FAIL_AT=0 run "$1" || { echo "does not go on: $(cat err.txt)"; return 1; }
    cmp "$target" new && only out "${target##*/}"
}

# attempt KEY: as FAIL_* say
attempt() {
    local status=0 kept=${target##*/}${keeps[$1]:-}
    begin
    run "$1" || status=$?
    only out "${target##*/}" "$kept" || return 1
    case $status in
    0)  cmp "$target" new && only out "${target##*/}" ;;
    1)  [[ $FAIL_WITH != @(EINTR|short) ]] || { echo "the call was not continued: $(cat err.txt)"; return 1; }
        [ "$(grep -vc ': warning: ' err.txt)" = 1 ] || { echo "not one line: $(cat err.txt)"; return 1; }
        cmp "$target" "old${target#out/o}" || return 1
        [ -z "${keeps[$1]:-}" ] || goes_on "$1" "out/$kept" ;;
    *)  echo "exit status $status"; cat err.txt; return 1 ;;
    esac
}

# tool KEY: all calls that its run makes
tool() {
    local n_call at on
    target=out/o$(suffix "$1") force=''
    [[ $target == *.@(tsv|svg) ]] || force=--force    # data is replaced only then
    for FAIL_WITH in ENOSPC EIO EINTR short; do
        FAIL_AT=0
        begin
        run "$1" || { failed "$1: undisturbed"; cat err.txt; return; }
        cp "$target" new
        cp calls undisturbed
        n_call=$(wc -l < calls)
        for ((at = 1; at <= n_call; at++)); do
            for on in 0 1; do
                FAIL_AT=$at FAIL_ON=$on
                [ -n "${FAILING:-}" ] || ((turn++ % 13 == 0)) || continue
                check "$1: call $at of $n_call ($(sed -n "${at}s/^[0-9]* //p" undisturbed)): $FAIL_WITH $on" attempt "$1"
            done
        done
    done
}

export FAIL_AT FAIL_ON FAIL_WITH
turn=0
check 'the list of tools is complete' every_writer
make_inputs || { failed 'cannot make the inputs'; finish; }
cp base.h5 old.h5
cp cells.tsv old.tsv
grok-plot cells.tsv -x y -y x -o old.svg
for format in npz safetensors; do
    grok-export --format $format half1.h5 -o old.$format || { failed 'cannot make the old files'; finish; }
done
for key in $(printf '%s\n' "${!writer[@]}" | sort); do
    tool "$key"
done
finish
