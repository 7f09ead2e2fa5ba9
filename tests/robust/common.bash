# common.bash -- what the robustness tests share: a scratch folder, a tiny run, counts.  Sourced by the scripts.
# A script begins with `. "$(dirname "$0")/common.bash"`, calls `ok`/`failed` once per test and ends with `finish`.
set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
case ${BUILD:=build} in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
PATH=$BUILD/bin:$PATH
export TOP BUILD PATH LC_ALL=C OMP_WAIT_POLICY=passive

SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/groktools.XXXXXX") || exit 1
trap 'rm -rf "$SCRATCH"' EXIT
trap 'exit 130' INT TERM
cd "$SCRATCH" || exit 1

TINY=(--task add --prime 23 --fraction 0.5 --d-model 32 --n-head 2 --d-mlp 64 --seed 0..1 -q)

n_passed=0 n_failed=0
ok() { n_passed=$((n_passed + 1)); }
failed() { echo "FAILED: ${0##*/}: $*"; n_failed=$((n_failed + 1)); }

# check WHAT COMMAND...: one test, which passes if the command succeeds; what it prints is shown only if it fails
check() {
    local what=$1
    shift
    if "$@" > check.out 2>&1; then ok; else failed "$what"; cat check.out; fi
}

# exits STATUS COMMAND...: the command ends with this status, and says at most one line; what it said is in $SCRATCH/err
exits() {
    local expected=$1 status=0
    shift
    "$@" > "$SCRATCH/out" 2> "$SCRATCH/err" < /dev/null || status=$?
    [ "$status" = "$expected" ] || { echo "exit status $status, expected $expected: $*"; cat "$SCRATCH/err"; return 1; }
    [ "$(wc -l < "$SCRATCH/err")" -le 1 ] || { echo "more than one line: $(cat "$SCRATCH/err")"; return 1; }
}

# only FOLDER NAME...: nothing lies in the folder but these
only() {
    local folder=$1 keep=(.)
    shift
    for name; do keep+=(-o -name "$name"); done
    local found
    found=$(find "$folder" -mindepth 1 -maxdepth 1 ! \( -false "${keep[@]:1}" \))
    [ -z "$found" ] || { echo "left behind: $found"; return 1; }
}

finish() {
    echo "$n_passed passed, $n_failed failed"
    [ "$n_failed" = 0 ]
    exit
}
