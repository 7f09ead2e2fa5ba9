#!/bin/bash
# program.sh FILE -- run one test program or script; show its output only if something failed, and end with its counts.
set -u
output=$(timeout -k 5 "${LIMIT:-300}" "$1" 2>&1 < /dev/null)
status=$?
last=$(tail -n 1 <<< "$output")
if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] && [ $((status != 0)) = $((BASH_REMATCH[2] != 0)) ]; then
    if [ "$status" = 0 ]; then
        grep '^skipped ' <<< "$output"
    else
        echo "--- $1"
        head -n -1 <<< "$output"
    fi
    echo "$last"
else
    printf '%s\n' "--- $1" "$output" "FAILED: $1: exit status $status without its closing line"
    echo "0 passed, 1 failed"
fi
