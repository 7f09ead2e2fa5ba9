#!/bin/sh
# man.sh TOOL -- print the man page of a tool, made from its --help and --version.
set -eu
summary=$("$1" --help | awk '!NF { over = 1 } NR > 1 && !over { printf "%s%s", (NR > 2 ? " " : ""), $0 }')
exec help2man --no-info --section 1 --manual 'groktools' --name "$summary" "$1"
