#!/bin/bash
# cluster.sh OUT TASK OPTION...: the items of TASK as a dataset whose subclasses are five clusters of each label, farthest
# out first; OPTION: of grok-cluster, what its points are.
#   STAND_IN=1  hurried clusters of the items' own reals: for grok-paper --dry-run
set -eu
out=$1 task=$2
[ -z "${STAND_IN:-}" ] || set -- "$out" "$task" --task "$task" --restarts 1 --iterations 1 --silhouettes 0
mkdir -p "$(dirname "$out")"
grok-cluster "${@:3}" -k 5 --groups "${out%.h5}.groups.tsv" -o "${out%.h5}.clusters.tsv"
grok-data --task "$task" --subclasses "${out%.h5}.groups.tsv" --force -o "$out"
