#!/bin/bash
# check.sh PART... -- run parts of the test suite: build, clang, unit, cases, tidy, sanitize, emulated, cuda, robust, slow.
#
# Called by `make check` and its kin.  Every part ends with its own line "N passed, N failed"; the last line adds them up,
# and the exit status is 1 if anything failed.  MAKE and BUILD are handed in by the Makefile.
set -u
# In the background of a script signals from the keyboard are ignored, by all children too; tests send them.
if [ -z "${CHECK_HEARS:-}" ] && env --default-signal=INT,QUIT true 2> /dev/null; then
    CHECK_HEARS=1 exec env --default-signal=INT,QUIT "$0" "$@"
fi
cd "$(dirname "$0")/.." || exit 1
: "${MAKE:=make}" "${BUILD:=build}"
export BUILD OMP_WAIT_POLICY=passive LSAN_OPTIONS=suppressions=$PWD/tests/leaks.txt:print_suppressions=0
jobs=$(nproc)
logs=$BUILD/check
mkdir -p "$logs"

# as_test COMMAND...: a command without tests of its own counts as one
as_test() { if "$@"; then echo "1 passed, 0 failed"; else echo "0 passed, 1 failed"; fi; }

# programs FILE...: test programs; a program that dies before its last line counts as a failure
programs() {
    printf '%s\0' "$@" | xargs -0 -n 1 -P "$jobs" tests/program.sh | add_up
}

# add_up: pass lines on, but for the counts; end with their sum
add_up() {
    awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3; next }
         { print; fflush() }
         END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }'
}

# shellcheck disable=SC2086  # MAKE is a command with arguments
make_() { $MAKE -s -k -j"$jobs" "$@" > "$logs/make.log" 2>&1 || { grep -v '^cc \|^ld ' "$logs/make.log"; return 1; }; }

build()    { as_test make_ all units robusts objects; }
# As an extension of C11 only what clang calls thus is used: a macro with nothing for its "...", which C23 allows.  Its warnings
# do not depend on optimisation.
clang() {
    as_test make_ CC=clang BUILD="$BUILD/clang" CFLAGS="-O0 -Wpedantic -Wno-gnu-zero-variadic-macro-arguments" \
        KERNEL_CFLAGS="-ffp-contract=fast" objects
}
unit()     { programs "$BUILD"/tests/test_*; }
# one more than there are cores: a third of a case's time is waiting, for signals and limits of time
cases()    { JOBS=$((jobs + 1)) tests/run; }
tidy()     { $MAKE -s tidy; }
robust()   { programs tests/robust/*.sh; }
# What takes longer than `make check` may: coverage, scaling, fuzzing, many kills.  Scripts as in tests/robust, and programs.
slow()     {
    {
        as_test make_ slows
        TIDY_STATES=225000 tidy
        cuda '80 90'
        for script in tests/slow/*.sh "$BUILD"/slow/*; do LIMIT=3600 tests/program.sh "$script"; done
        # CUDA's sources under the sanitizers, which see every access out of bounds: two minutes to compile, two to run
        as_test make_ SANITIZE=address,undefined BUILD="$BUILD/sanitize" emulated device-tests
        GK_PLUGIN_DIR=$(realpath "$BUILD/sanitize/emulated") LIMIT=3600 programs "$BUILD"/sanitize/device/test_{rows,batches,mlp}
        tests/check-cuda.sh --emulated --parts kinds
    } | add_up
}
sanitize() {
    {
        # without optimisation, but for the kernels: compiling is most of it
        as_test make_ SANITIZE=address,undefined BUILD="$BUILD/sanitize" CFLAGS='-O0 -g1' KERNEL_O=-O2 units robusts
        export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
        programs "$BUILD"/sanitize/tests/test_*
    } | add_up
}

# check-cuda without a device says so, and counts nothing as passed
no_device() {
    GK_EMULATED_NO_DEVICE=1 tests/check-cuda.sh --emulated > "$logs/no-device.log"
    [ $? = 3 ] && grep -qx 'no CUDA device' "$logs/no-device.log"
}
# nor without time; the benchmark of a device runs
no_time() {
    tests/check-cuda.sh --emulated --minutes 0 | grep -qx '0 passed, 0 failed, 2 parts not run or not ended: agree bits'
}
device_bench() {
    PEER_PYTHON=none tests/bench/run-cuda --device emulated --parts mlp,mlp-jax --models 2 --precisions fp32 --rounds 1 \
        --seconds 0.1 2> "$logs/device-bench.log" |
        awk -F '\t' '$1 == "mlp_2_fp32" && $2 > 0 { n++ } /SKIP \(no jax\)/ { skip++ } END { exit n != 2 || skip != 1 }'
}
# The sources of the CUDA plug-in on the host: with one thread a block, with several, in waves of few replicas (under the
# sanitizers: see slow).
emulated() {
    {
        as_test make_ emulated device-tests "$BUILD/bench/bench_cuda"
        export GK_PLUGIN_DIR
        GK_PLUGIN_DIR=$(realpath "$BUILD/emulated")
        one_by_one > "$logs/one-by-one.log" &    # beside the others, which leave a core idle now and then
        programs "$BUILD"/device/test_*
        GK_EMULATED_THREADS=5 programs "$BUILD"/device/test_rows "$BUILD"/device/test_evaluate "$BUILD"/device/test_batches
        wait
        cat "$logs/one-by-one.log"
    } | add_up
}
one_by_one() {
    GK_CUDA_BYTES=69554432 GK_CUDA_NO_GRAPH=1 programs "$BUILD"/device/test_engine
    GK_CUDA_BYTES=69554432 programs "$BUILD"/device/test_evaluate
    tests/check-cuda.sh --emulated
    as_test no_device
    as_test no_time
    as_test device_bench
}
# The plug-in without a warning, every symbol there; for the newest architecture and in a hurry, in `make check-all` for every one
# as it is used.  In a folder of its own: what `make cuda` made stays.  There is nothing to see without nvcc.
cuda() {
    local nvcc hurry=''
    nvcc=$(command -v "${NVCC:-nvcc}" || echo /usr/local/cuda/bin/nvcc)
    if [ ! -x "$nvcc" ]; then
        echo 'skipped: no nvcc, so the CUDA plug-in is not compiled'
        echo '0 passed, 0 failed'
        return
    fi
    if [ $# = 0 ] && "$nvcc" --help | grep -q -e --Ofast-compile; then hurry=--Ofast-compile=max; fi
    as_test make_ BUILD="$BUILD/nvcc" CUDA_ARCHS="${1:-90}" CUDAFLAGS="$hurry" cuda
}

for part; do
    started=$SECONDS
    echo "== $part"
    "$part" | tee "$logs/$part.log"
    echo "-- $part: $((SECONDS - started)) s"
    tail -n 1 "$logs/$part.log" >> "$logs/summary.$$"
    grep -q '^[0-9]* passed, [0-9]* failed$' <(tail -n 1 "$logs/$part.log") || echo "0 passed, 1 failed" >> "$logs/summary.$$"
done
trap 'rm -f "$logs/summary.$$"' EXIT
add_up < "$logs/summary.$$" | tee "$logs/total"
exit "${PIPESTATUS[0]}"
