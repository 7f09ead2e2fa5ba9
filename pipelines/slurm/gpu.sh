#!/bin/bash
#SBATCH --job-name=grok-gpu --array=1-4 --time=4:00:00 --gpus=1 --cpus-per-task=4 --mem=16G
#SBATCH --requeue --open-mode=append --output=%x-%A_%a.log
# gpu.sh FOLDER TOOL OPTIONS... -- as array.sh, with a GPU for each task.  A GPU trains thousands of small models side by side, so
# few and large shards: as many as there are GPUs.  Submit it from the top of the source tree; else ARRAY=FILE says
# where array.sh is.
exec bash "${ARRAY:-$SLURM_SUBMIT_DIR/pipelines/slurm/array.sh}" "$@" --device cuda
