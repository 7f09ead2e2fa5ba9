#!/bin/bash
# MUON, figure 1: updates to 95 % of the test items, of Muon and of AdamW, at rates around the best of each.
. "$(dirname "$0")/muon.sh"
for rate in $adamw_rates; do show optimizer=adamw rate="$rate" panel=AdamW curve="$rate" -- with adamw "$rate"; done
for rate in $muon_rates; do show optimizer=muon rate="$rate" panel=Muon curve="$rate" -- with muon "$rate"; done
ready
curves test_acc
draw 'MUON 1: test accuracy at several rates' -y test_acc
tabulate "$out.runs.tsv" grok-detect
judge "$out.runs.tsv"
