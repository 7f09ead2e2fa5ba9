#!/bin/sh
# man.sh TOOL -- print the man page of a tool, made from its --help and --version.
set -eu
summary=$("$1" --help | awk '!NF { over = 1 } NR > 1 && !over { printf "%s%s", (NR > 2 ? " " : ""), $0 }')
page=$(help2man --no-info --section 1 --manual 'groktools' --name "$summary" "$1")
# What --help indents (examples, lists) keeps its lines: help2man would fill them into one paragraph.
printf '%s\n' "$page" | awk '/^\./ && inside { print ".fi"; inside = 0 } { print } $0 == ".IP" { print ".nf"; inside = 1 }
    END { if (inside) print ".fi" }'
