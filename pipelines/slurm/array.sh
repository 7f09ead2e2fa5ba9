#!/bin/bash
#SBATCH --job-name=grok --array=1-8 --time=4:00:00 --cpus-per-task=2 --mem=4G
#SBATCH --requeue --open-mode=append --output=%x-%A_%a.log
# array.sh FOLDER TOOL OPTIONS... -- one shard of a grid for each task of a Slurm array, into FOLDER/shard-I.h5.
#
#   sbatch --array=0-99 pipelines/slurm/array.sh runs grok-train --task add --seed 0..999 --keep metrics
#
# The array may begin at 0 or 1; for some tasks of it alone (--array=3,17) say SHARDS=100 FIRST=0 (or 1).  Preempted, or a minute
# before its time is over, a task saves its shard; it is queued again, and goes on.  docs/cluster.md has the rest.
set -u
folder=$1 tool=$2
shift 2
first=${FIRST:-$SLURM_ARRAY_TASK_MIN} shards=${SHARDS:-$((SLURM_ARRAY_TASK_MAX - SLURM_ARRAY_TASK_MIN + 1))}
shard=$((SLURM_ARRAY_TASK_ID - first + 1))
mkdir -p "$folder"
trap : TERM USR1    # this shell outlives them; the tool gets its own from Slurm, through srun

srun "$tool" "$@" --shard "$shard/$shards" --threads "${SLURM_CPUS_PER_TASK:-1}" -q --resume-or-start \
    -o "$folder/shard-$(printf '%0*d' "${#shards}" "$shard").h5"
status=$?
[ "$status" = 143 ] && sleep "${GRACE:-600}"     # saved: Slurm takes the job off now, to queue it again (or for good: scancel)
if [ "$status" = 4 ] || [ "$status" -gt 128 ]; then
    [ "${SLURM_RESTART_COUNT:-0}" -lt "${RESTARTS:-100}" ] || exit "$status"
    scontrol requeue "$SLURM_JOB_ID" && sleep 600
fi
exit "$status"
