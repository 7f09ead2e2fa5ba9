#!/bin/bash
# check-cuda.sh [--emulated] [--minutes N] [--parts A,B...] [FOLDER] -- test the CUDA plug-in, the most important parts first.
#
# Runs what `make check-cuda` has built, or what stands beside it in FOLDER or in a bundle (make bundle BUNDLE_TESTS=1), where no
# compiler or library is needed.  --emulated: on the host, over tests/emulator.
#   --minutes N     stop after N minutes; parts that did not fit are named in the last line, and count as nothing
#   --parts A,B     these parts only (their names: `parts` below)
# Every check is a line "ok: ..." or "FAILED: ..." as soon as it is known.  Exit status: 0 all that ran passed, 1 something failed
# (a part that takes more than its own limit, too), 3 no device, so that nothing was tested.
set -u
# Most wanted first: the name, and the seconds after which it hangs.
parts='rows 120
agree 120
bits 120
kinds 120
units 240
grokking 120
memcheck 300
racecheck 120
synccheck 120
initcheck 120
grokking-cpu 400'
usage() { sed -n '2s/^# //p' "$0" >&2; exit 2; }

emulated='' minutes=600 only='' one=''
while [ $# -gt 0 ]; do
    case $1 in
    --emulated) emulated=1 only=${only:-agree,bits}; shift; continue ;;    # make check runs the other tests itself
    --minutes) minutes=${2:-}; shift 2 ;;
    --parts) only=${2:-}; shift 2 ;;
    --one) one=${2:-}; shift 2 ;;    # for itself: this part, here and now
    -*) usage ;;
    *) break ;;
    esac || usage
done
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || usage
for name in ${only//,/ }; do
    grep -q "^$name " <<< "$parts" && continue
    echo "check-cuda.sh: no part '$name': there are $(cut -d ' ' -f 1 <<< "$parts" | paste -sd ' ')" >&2
    exit 2
done
seconds=$(awk -v m="$minutes" 'BEGIN { printf "%d", 60 * m }')
here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-$here/../build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
export BUILD=$build    # parts run elsewhere
tools=$here tests=$here
[ -x "$here/grok-train" ] || { tools=$(realpath "$build/bin"); tests=$(realpath "$build/device"); }
folder=${1:-}
[ -z "$folder" ] || tools=$folder tests=$folder
[ -z "$emulated" ] || { GK_PLUGIN_DIR=$(realpath "$build/emulated"); export GK_PLUGIN_DIR; }
export PATH=$tools:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

report() {    # report NAME STATUS
    if [ "$2" = 0 ]; then echo "ok: $1"; else echo "FAILED: $1"; fi
}

small='--preset kd --prime 11 --fraction 0.6 --d-model 16 --d-mlp 32 --n-head 2 --weight-decay 1 --batch full --device cuda -q'
mlp='--preset omni-teacher --device cuda -q'
train() { # shellcheck disable=SC2086
    grok-train $small --force "$@"; }
values() { grok-log -m train_loss,test_loss,l2_norm "$1" | grep -v '^#'; }
# Nearly the same numbers: products may be added in another order.
close() { paste <(values "$1") <(values "$2") | awk -F '\t' 'function size(x) { return x < 0 ? -x : x }
    NR > 1 { for (i = 3; i <= NF / 2; i++) if (size($i - $(i + NF / 2)) > 0.002 * (1 + size($i))) exit 1 }'; }

program() {    # program NAME ARGUMENTS: one of the test programs, its last words
    "$tests/$1" "${@:2}" | tail -n 12
    report "$*" "${PIPESTATUS[0]}"
}

part_rows() { program test_rows; }

part_units() {
    for test in "$tests"/test_*; do
        [ "${test##*/}" = test_rows ] || program "${test##*/}"
    done
}

part_agree() {
    echo 'a device and the CPU: the same runs, and each goes on from the other'
    train --seed 0..3 --steps 60 -o device.h5 && train --seed 0..3 --steps 60 --device cpu -o cpu.h5
    report 'training on both' $?
    close device.h5 cpu.h5; report 'the device trains as the CPU does' $?
    grok-train --resume cpu.h5 --steps 90 --device cuda -q -o cpu-device.h5 &&
        grok-train --resume device.h5 --steps 90 --device cpu -q -o device-cpu.h5
    report 'resuming on the other' $?
    close cpu-device.h5 device-cpu.h5; report 'both ways end alike' $?
    # shellcheck disable=SC2086
    grok-train $mlp --seed 0..3 --steps 60 -o mlp-device.h5 && grok-train $mlp --seed 0..3 --steps 60 --device cpu -o mlp-cpu.h5
    report 'a small MLP on both' $?
    close mlp-device.h5 mlp-cpu.h5; report 'the device trains the MLP as the CPU does' $?

    answers() { grok-eval --at all "$@" device.h5 | grep -v '^#'; }
    train --seed 0..3 --steps 60 --snapshot-every 30 -o device.h5 && answers --device cuda > eval-device.tsv &&
        answers --device cpu > eval-cpu.tsv && [ "$(wc -l < eval-cpu.tsv)" = 25 ] &&
        paste eval-device.tsv eval-cpu.tsv | awk -F '\t' 'NR > 1 { for (i = 6; i <= 8; i++) { d = $i - $(i + 8)
            if (d * d > 1e-6 * (1 + $i * $i)) exit 1 } }'
    report 'models answer on the device as on the CPU' $?

    teach() { # shellcheck disable=SC2086
        grok-distill --teacher teacher.h5 ${small/--prime 11/--prime 7} --vocab-prime 11 --seed 0..3 --steps 40 "$@"; }
    train --vocab-prime 11 --seed 0..3 --steps 60 --device cpu -o teacher.h5 2> /dev/null
    teach -o taught-device.h5 2> /dev/null && teach --device cpu -o taught-cpu.h5 2> /dev/null
    report 'teaching on both' $?
    close taught-device.h5 taught-cpu.h5; report 'both students end alike' $?
}

# What the models of the other parts do not reach; options behind the colon.
transformer='--preset kd --prime 11 --d-model 16 --d-mlp 32 --n-head 2 --batch full'
kinds="convolutions: --task synth-digits --model resnet --widths 4x8 --items 60 --batch 16
a learnt token: --task equidistant --items 200 --model tf-s --d-model 8 --d-mlp 16 --n-head 2 --size 50 --batch 20
a recurrence: --task add --prime 11 --model lstm --d-model 8 --widths 8x8 --fraction 0.5
hinge: --task sparse-parity --model mlp --widths 16 --loss hinge
logistic: --task xor-cluster --model mlp --widths 16 --loss logistic
Muon: $transformer --optimizer muon
settings of some tensors: $transformer --params *.bias:learning-rate=1e-4
norms of layers: $transformer --constrain-norm layer
noise and dropout: $transformer --dropout 0.1 --update-noise 0.1 --weight-noise 0.01"
part_kinds() {
    local name words
    while IFS=: read -r name words; do
        read -ra words <<< "$words --seed 0..2 --eval-items 20 -q --force"
        grok-train "${words[@]}" --steps 12 --device cpu -o cpu.h5 &&
            grok-train "${words[@]}" --steps 12 --device cuda -o device.h5 && close cpu.h5 device.h5
        report "the device trains as the CPU does: $name" $?
        # what belongs to a replica (norms, velocities, what optimisers have seen) goes along
        grok-train "${words[@]}" --steps 6 --device cuda -o half.h5 && grok-train --resume half.h5 --steps 12 --device cpu -q &&
            close cpu.h5 half.h5
        report "the CPU goes on where the device was: $name" $?
    done <<< "$kinds"
}

part_bits() {
    echo 'the same run twice, in parts, and killed: the same bits'
    train --seed 0..3 --steps 90 -o whole.h5 && train --seed 0..3 --steps 60 -o part.h5 &&
        grok-train --resume part.h5 --steps 90 --device cuda -q -o parts.h5
    report 'in parts' $?
    [ "$(values whole.h5)" = "$(values parts.h5)" ]; report 'a resumed run is the same' $?
    train --seed 0..3 --steps 60 --precision bf16 -o whole.h5 && train --seed 0..3 --steps 30 --precision bf16 -o part.h5 &&
        grok-train --resume part.h5 --steps 60 --device cuda -q --force -o parts.h5 &&
        [ "$(values whole.h5)" = "$(values parts.h5)" ]
    report 'a resumed run is the same, in bf16' $?
    memory() { train --steps 5 --dry-run --precision "$1" -o none.h5 2> /dev/null |
        awk -F '\t' '/^#/ { next } !at { while ($++at != "memory_bytes") { } next } { print $at; exit }'; }
    full=$(memory fp32) && narrow=$(memory bf16) && [ "$narrow" -lt "$full" ]
    report "bf16 takes less memory: ${narrow:-} bytes of ${full:-}" $?
    train --seed 0..3 --steps 400 -o calm.h5
    # Not the function: that would make a shell that dies in place of its child, which would go on writing.
    # shellcheck disable=SC2086
    grok-train $small --seed 0..3 --steps 400 --checkpoint-every 0.05 -o killed.h5 &
    for ((i = 0; i < 200; i++)); do [ ! -e killed.h5 ] || break; sleep 0.05; done
    sleep 0.3; kill -9 $! 2> /dev/null; wait 2> /dev/null
    grok-train --resume killed.h5 --device cuda -q && [ "$(values killed.h5)" = "$(values calm.h5)" ]
    report 'a killed run goes on and ends the same' $?
}

# All of eight seeds must grok, on a device as on a CPU: 99 % of the rows that nobody trained on, at the end.
grok() {    # grok NAME OPTIONS
    grok-train --preset kd --prime 47 --fraction 0.6 --d-model 64 --d-mlp 256 --learning-rate 0.003 --weight-decay 2 \
        --batch full --seed 0..7 --steps 2000 -q -o "$1.h5" "${@:2}" && grok-log --final "$1.h5" |
        awk -F '\t' '/^#/ { next } !at { while ($++at != "test_acc") { } next }
            $at >= 0.99 { n++ } END { printf "%d of 8 runs grok\n", n; exit n != 8 }'
    report "eight of eight seeds grok, $1" $?
}
part_grokking() { for precision in fp32 tf32 bf16; do grok "$precision" --device cuda --precision "$precision"; done; }
part_grokking-cpu() { grok cpu --device cpu; }

# sanitize TOOL [SECONDS]: the ops' rows, and some updates of a transformer and of a small MLP, whose kernels they do not reach
sanitize() {
    if ! command -v compute-sanitizer > /dev/null; then
        echo "not run: $1 (compute-sanitizer is not here)"
        return
    fi
    local tool=$1 name
    under() {    # under NAME COMMAND...
        name=$1
        GK_CUDA_NO_GRAPH=1 compute-sanitizer --tool "$tool" --error-exitcode 9 "${@:2}" > sanitizer.log 2>&1
        status=$?
        tail -n 3 sanitizer.log
        report "$tool: $name" "$status"
    }
    under rows "$tests/test_rows" "${@:2}"
    # shellcheck disable=SC2086
    under transformer grok-train $small --seed 0..2 --steps 3 --dropout 0.1 --force -o sanitized.h5
    # shellcheck disable=SC2086
    under MLP grok-train $mlp --seed 0..2 --steps 3 --force -o sanitized.h5
}
part_memcheck() { sanitize memcheck; }
part_racecheck() { sanitize racecheck 30; }
part_synccheck() { sanitize synccheck 20; }
part_initcheck() { sanitize initcheck 20; }

if [ -n "$one" ]; then
    "part_$one"
    exit
fi
if ! train --steps 0 -o probe.h5 2> probe.err; then
    grep -q 'no CUDA device' probe.err && { echo 'no CUDA device'; exit 3; }
    cat probe.err
    exit 1
fi
echo "device: $(grok-ls probe.h5 | sed -n 's/^ *device *cuda (\(.*\))/\1/p')"

passed=0 failed=0 not_run=''
itself=$here/${0##*/}
# run PART LIMIT: in a process of its own, which can be ended
run() {
    local left=$((seconds - SECONDS)) limit=$2 status
    [ "$left" -ge 3 ] || { not_run="$not_run $1"; return; }
    [ "$limit" -le "$left" ] || limit=$left
    echo "== $1"
    timeout -k 5 "$limit" "$itself" ${emulated:+--emulated} --one "$1" ${folder:+"$folder"} 2>&1 | tee "$scratch/log"
    status=${PIPESTATUS[0]}
    passed=$((passed + $(grep -c '^ok: ' "$scratch/log")))
    failed=$((failed + $(grep -c '^FAILED: ' "$scratch/log")))
    grep -q '^not run: ' "$scratch/log" && not_run="$not_run $1"
    case $status in
    0) ;;
    124 | 137) if [ "$limit" = "$2" ]; then
                   echo "FAILED: $1 takes more than $limit s"; failed=$((failed + 1))
               else
                   not_run="$not_run $1"
               fi ;;
    *) echo "FAILED: $1 ends with status $status"; failed=$((failed + 1)) ;;
    esac
}
while read -r name limit; do
    case ,${only:-$name}, in *,$name,*) run "$name" "$limit" < /dev/null ;; esac
done <<< "$parts"
missing=$(wc -w <<< "$not_run")
echo "$passed passed, $failed failed$([ "$missing" = 0 ] || echo ", $missing parts not run or not ended:$not_run")"
[ "$failed" = 0 ]
