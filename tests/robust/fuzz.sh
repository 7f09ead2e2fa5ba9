#!/bin/bash
# Damaged files, under the address and undefined-behaviour sanitizers: refused with a message; no crash, hang, huge allocation.
. "$(dirname "$0")/common.bash"
export ASAN_OPTIONS=max_allocation_size_mb=256:allocator_may_return_null=1:handle_abort=1:exitcode=99
export LSAN_OPTIONS=suppressions=$TOP/tests/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1

# fuzz KIND FILE N [sealed]: adds up what the program counted
fuzz() {
    local output counts
    output=$("$BUILD/sanitize/robust/fuzz" "$@" 2>&1)
    counts=$(tail -n 1 <<< "$output")
    if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        n_passed=$((n_passed + BASH_REMATCH[1])) n_failed=$((n_failed + BASH_REMATCH[2]))
        [ "${BASH_REMATCH[2]}" = 0 ] || echo "$output"
    else
        echo "$output"
        failed "fuzz $* ended without its counts"
    fi
}

check 'a checkpoint' grok-train "${TINY[@]}" --steps 40 --snapshot-every 20 -o checkpoint.h5
check 'a landscape' grok-landscape "${TINY[@]}" --alpha '0.5,1' --steps 10 --wave 1 --log-every 5 -o landscape.h5
check 'a dataset' grok-data --task add --prime 23 -o dataset.h5
check 'items with targets' grok-data --task teacher-student --items 10 -o targets.h5
check 'items with latents' grok-data --task toy-addition --prime 4 --size 5 -o latents.h5
check 'images' grok-data --task synth-digits --items 5 -o pixels.h5
check 'graphs' grok-data --task synth-mols --items 5 -o graphs.h5
check 'a joint dataset' grok-data --task add --prime 7 --sequence op-mod --join add:5 -o joint.h5
check 'a checkpoint that goes on from one' grok-train "${TINY[@]}" --sequence op-mod --steps 5 -o base.h5
check '... of several tasks' grok-finetune --from base.h5 --prime 7 --mode replay --steps 5 -q -o tasks.h5
fuzz checkpoint checkpoint.h5 1000
fuzz dataset dataset.h5 200
fuzz checkpoint landscape.h5 150 sealed
fuzz checkpoint tasks.h5 150 sealed
fuzz dataset joint.h5 100 sealed
fuzz dataset targets.h5 100 sealed
fuzz dataset latents.h5 100 sealed
fuzz dataset pixels.h5 30 sealed
fuzz dataset graphs.h5 50 sealed
fuzz checkpoint checkpoint.h5 200 sealed
fuzz dataset dataset.h5 100 sealed
finish
