#!/bin/bash
# cluster.sh OUT TASK OPTION...: the items of TASK as a dataset whose subclasses are five clusters of each label, farthest
# out first; OPTION: of grok-cluster, what its points are.
set -eu
out=$1 task=$2
mkdir -p "$(dirname "$out")"
grok-cluster "${@:3}" -k 5 --groups "${out%.h5}.groups.tsv" -o "${out%.h5}.clusters.tsv"
grok-data --task "$task" --subclasses "${out%.h5}.groups.tsv" --force -o "$out"
