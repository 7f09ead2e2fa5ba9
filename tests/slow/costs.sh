#!/bin/bash
# grok-paper --dry-run tells what every figure of every paper costs, at both scales: whatever a figure's runs start from has a
# stand-in, and every command is one that its tool takes.
. "$(dirname "$0")/../robust/common.bash"

for claims in "$TOP"/pipelines/*.claims; do
    paper=$(basename "$claims" .claims)
    [ "$paper" != demo ] || continue
    for scale in quick paper; do
        # its landscapes have more cells than the digits that are drawn in place of MNIST have train items
        if [ "$paper-$scale" = omni-paper ] && [ ! -e "${GROK_DATA:-/nowhere}/mnist" ]; then continue; fi
        if ! grok-paper "$paper" --scale "$scale" --seeds 0 --dry-run --rate 9000 -q --threads 1 > costs 2> err; then
            failed "$paper at $scale scale: $(tail -n 1 err)"
        elif ! grok-rows --where 'figure = "all" and runs > 0 and flop > 0' --select runs costs | grep -q '[0-9]'; then
            failed "$paper at $scale scale: no costs"
        else
            ok
        fi
    done
done
finish
