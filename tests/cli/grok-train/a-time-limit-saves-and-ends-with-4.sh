# --time-limit and the end of a Slurm job: the checkpoint is written, the way to go on is said, the status is 4.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 5 --fraction 0.6 --d-model 4 --n-head 1 --d-mlp 4 --threads 1 -q)

# limited REASON FILE ENVIRONMENT/OPTIONS...
limited() {
    local reason=$1 file=$2 found=0
    shift 2
    "$@" 2> err || found=$?
    [ "$found" = 4 ] || { echo "exit status $found: $*"; cat err; return 1; }
    grep -Eqx "grok-train: $reason at step [0-9]+; to go on: grok-train --resume $file" err || { cat err; return 1; }
}
long=(grok-train "${tiny[@]}" --steps 100000000 -o)
limited 'time limit reached' a.h5 timeout 20 "${long[@]}" a.h5 --time-limit 0.3s
limited 'time limit reached' a.h5 timeout 20 grok-train --resume a.h5 -q --time-limit 0-00:00:01
# half of what is left, if that is less than a minute before the end; the earlier of both counts
limited 'the end of the Slurm job is near' b.h5 \
    env SLURM_JOB_END_TIME=$(($(date +%s) + 3)) timeout 20 "${long[@]}" b.h5 --time-limit 1h
limited 'time limit reached' c.h5 env SLURM_JOB_END_TIME=$(($(date +%s) + 3600)) timeout 20 "${long[@]}" c.h5 --time-limit 0.3s
# not heeded: an end that is past, or none
SLURM_JOB_END_TIME=1000000000 grok-train "${tiny[@]}" --steps 100 -o d.h5
SLURM_JOB_END_TIME=$(date +%s) grok-train "${tiny[@]}" --steps 100 -o e.h5 --time-limit none
# it leaves no trace in the record, and a run that was ended by it goes on to what would have been
grok-train "${tiny[@]}" --steps 50000 -o whole.h5
limited 'time limit reached' f.h5 grok-train "${tiny[@]}" --steps 50000 --time-limit 0.05s -o f.h5
grok-train --resume f.h5 -q
"$BUILD/robust/same" whole.h5 f.h5
grok-log --config f.h5 > config
not grep time.limit <(grep -v '^#' config)
for wrong in 90 soon 3h3h 0s; do
    fails 2 "invalid value for '--time-limit': expected a length of time as 90s, 3h50m or 0-03:50:00, found '$wrong'" \
        grok-train "${tiny[@]}" --time-limit "$wrong" -o g.h5
done
