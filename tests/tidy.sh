#!/bin/bash
# tidy.sh [FILE...] -- clang-tidy on these C files (all); each file is a test, if this clang-tidy is the one that judges.
# GK_CFLAGS is handed in by the Makefile.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/linters.bash
# The analyser gives up on a function after so many states.  Its default, 225,000, takes six times as long: that is for check-all.
LIMITS="-Xclang -analyzer-config -Xclang max-nodes=${TIDY_STATES:-20000}"
export LIMITS
one() {
    local flags
    case $1 in libshared/cpu/*|tests/kernel/*) flags=-DGK_REAL_BITS=32 ;; *) flags=-DGK_VERSION='""' ;; esac
    # shellcheck disable=SC2086  # a list of flags
    if output=$(clang-tidy --quiet "$1" -- $GK_CFLAGS "$flags" $LIMITS 2>/dev/null) && [ -z "$output" ]; then
        echo "1 passed, 0 failed"
    else
        grep ' error: ' <<< "$output"
        printf '%s\n' "FAILED: clang-tidy $1" "0 passed, 1 failed"
    fi
}
export -f one
[ $# -gt 0 ] || set -- libshared/*/*.c tools/*.c tests/unit/*.c tests/kernel/*.c tests/robust/*.c tests/slow/*.c \
    tests/bench/*.c
printf '%s\0' "$@" |
    xargs -0 -n 1 -P "$(nproc)" bash -c 'one "$0"' |
    if remark=$(judges clang-tidy); then
        awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3; next }
             { print }
             END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }'
    else
        grep -v '^[0-9]* passed, [0-9]* failed$' | sed 's/^FAILED: /found something: /'
        echo "$remark"
        echo '0 passed, 0 failed'
    fi
