#!/bin/bash
#SBATCH --job-name=grok-merge --time=1:00:00 --mem=8G --output=%x-%j.log
# merge.sh FOLDER FILE -- all shards of FOLDER into one checkpoint, once the array has ended:
#
#   array=$(sbatch --parsable pipelines/slurm/array.sh runs grok-train ...)
#   sbatch --dependency=afterany:$array pipelines/slurm/merge.sh runs grid.h5
#
# Status 3: merged, but runs are missing, which the log names.  'grok-train --resume FILE' or the array once more trains them.
exec grok-merge "$1"/shard-*.h5 --force -o "$2"    # again, when more of the shards are there
