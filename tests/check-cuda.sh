#!/bin/bash
# check-cuda.sh [--emulated] [FOLDER] -- test the CUDA plug-in: its unit tests, resuming and killing runs, grokking.
#
# Runs what `make check-cuda` has built, or what stands beside it in FOLDER or in a bundle (make bundle BUNDLE_TESTS=1), where no
# compiler or library is needed.  --emulated: on the host, over tests/emulator.  Exit status: 0 all passed, 1 something failed,
# 3 no device, so that nothing was tested.
set -u
emulated=''
[ "${1:-}" != --emulated ] || { emulated=1; shift; }
here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-$here/../build}
tools=$here tests=$here
[ -x "$here/grok-train" ] || { tools=$(realpath "$build/bin"); tests=$(realpath "$build/device"); }
[ -z "${1:-}" ] || tools=$1 tests=$1
[ -z "$emulated" ] || { GK_PLUGIN_DIR=$(realpath "$build/emulated"); export GK_PLUGIN_DIR; }
export PATH=$tools:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

report() {    # report NAME STATUS
    if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

cd "$scratch" || exit 1
small='--preset kd --prime 11 --fraction 0.6 --d-model 16 --d-mlp 32 --n-head 2 --weight-decay 1 --batch full --device cuda -q'
train() { # shellcheck disable=SC2086
    grok-train $small --force "$@"; }
values() { grok-log -m train_loss,test_loss,l2_norm "$1" | grep -v '^#'; }
# Nearly the same numbers: products may be added in another order.
close() { paste <(values "$1") <(values "$2") | awk -F '\t' 'function size(x) { return x < 0 ? -x : x }
    NR > 1 { for (i = 3; i <= NF / 2; i++) if (size($i - $(i + NF / 2)) > 0.002 * (1 + size($i))) exit 1 }'; }

if ! train --steps 0 -o probe.h5 2> probe.err; then
    grep -q 'no CUDA device' probe.err && { echo 'no CUDA device'; exit 3; }
    cat probe.err
    exit 1
fi
echo "device: $(grok-ls probe.h5 | sed -n 's/^ *device *cuda (\(.*\))/\1/p')"

if [ -z "$emulated" ]; then    # make check runs them itself
    for test in "$tests"/test_*; do
        echo "== ${test##*/}"
        "$test" | tail -n 12
        report "${test##*/}" "${PIPESTATUS[0]}"
    done
    if command -v compute-sanitizer > /dev/null; then
        for tool in memcheck racecheck; do
            echo "== compute-sanitizer $tool"
            compute-sanitizer --tool "$tool" --error-exitcode 9 "$tests/test_rows" > sanitizer.log 2>&1
            status=$?
            tail -n 3 sanitizer.log
            report "compute-sanitizer $tool" "$status"
        done
    else
        echo 'compute-sanitizer is not here: its checks are not run'
    fi
fi

echo '== a device and the CPU: the same runs, and each goes on from the other'
train --seed 0..3 --steps 60 -o device.h5 && train --seed 0..3 --steps 60 --device cpu -o cpu.h5
report 'training on both' $?
close device.h5 cpu.h5; report 'the device trains as the CPU does' $?
grok-train --resume cpu.h5 --steps 90 --device cuda -q -o cpu-device.h5 &&
    grok-train --resume device.h5 --steps 90 --device cpu -q -o device-cpu.h5
report 'resuming on the other' $?
close cpu-device.h5 device-cpu.h5; report 'both ways end alike' $?

echo '== a student taught on both'
teach() { # shellcheck disable=SC2086
    grok-distill --teacher cpu.h5 ${small/--prime 11/--prime 7} --vocab-prime 11 --seed 0..3 --steps 40 "$@"; }
train --vocab-prime 11 --seed 0..3 --steps 60 --device cpu -o cpu.h5 2> /dev/null
teach -o taught-device.h5 2> /dev/null && teach --device cpu -o taught-cpu.h5 2> /dev/null
report 'teaching on both' $?
close taught-device.h5 taught-cpu.h5; report 'both students end alike' $?

echo '== the same run twice, in parts, and killed: the same bits'
train --seed 0..3 --steps 90 -o whole.h5 && grok-train --resume device.h5 --steps 90 --device cuda -q -o parts.h5
report 'in parts' $?
[ "$(values whole.h5)" = "$(values parts.h5)" ]; report 'a resumed run is the same' $?
train --seed 0..3 --steps 400 -o calm.h5
# Not the function: that would make a shell that dies in place of its child, which would go on writing.
# shellcheck disable=SC2086
grok-train $small --seed 0..3 --steps 400 --checkpoint-every 0.05 -o killed.h5 &
for ((i = 0; i < 200; i++)); do [ ! -e killed.h5 ] || break; sleep 0.05; done
sleep 0.3; kill -9 $! 2> /dev/null; wait 2> /dev/null
grok-train --resume killed.h5 --device cuda -q && [ "$(values killed.h5)" = "$(values calm.h5)" ]
report 'a killed run goes on and ends the same' $?

if [ -z "$emulated" ]; then
    echo '== grokking'
    for precision in fp32 tf32 bf16; do
        grok-train --preset kd --prime 47 --fraction 0.45 --d-model 64 --d-mlp 256 --learning-rate 0.003 --weight-decay 3 \
            --batch full --seed 0..7 --steps 1500 --device cuda --precision $precision -q -o "grok-$precision.h5"
        grok-log --final "grok-$precision.h5" | awk -F '\t' '/^#/ { next } !at { while ($++at != "test_acc") { } next }
            $at >= 0.99 { n++ } END { printf "%d of %d runs grok\n", n, NR ? 8 : 0; exit n < 6 }'
        report "grokking in $precision" $?
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
