#!/bin/bash
# Shards of a grid as a Slurm array whose jobs are preempted, killed and queued again, merged: byte for byte the grid of one
# process.
# Slurm and munge are started here, in a folder of their own, and ended; where they cannot be, that is said.  GNU parallel, too.
. "$(dirname "$0")/../robust/common.bash"
RANDOM=${SEED:-20261126}
TOOL=$(command -v grok-train)
scripts=$TOP/pipelines/slurm
model=(--task add --prime 11 --fraction 0.5 --d-model 16 --n-head 2 --d-mlp 32 --seed 0..31 --weight-decay "0.1:1:x4")
started=()

# Updates that take this machine some 20 seconds: time to be disturbed in every way, whatever else it does.
steps_of_20_seconds() {
    local begin=$EPOCHREALTIME
    grok-train "${model[@]}" -q --steps 400 --force -o probe.h5
    awk -v from="$begin" -v to="$EPOCHREALTIME" 'BEGIN { n = int(400 * 20 / (to - from)); print (n < 2000 ? 2000 : n) }'
}

skip() { echo "skipped ${0##*/}: $*"; finish; }
ended() {
    local pid
    for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done
    sleep 1
    for pid in "${started[@]}"; do kill -KILL "$pid" 2> /dev/null; done
    rm -rf "$SCRATCH"
}
trap ended EXIT

# until_ SECONDS COMMAND...: until it succeeds
until_() {
    local end=$((SECONDS + $1))
    shift
    until "$@" > /dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.2
    done
}
# daemon NAME COMMAND...
daemon() {
    "${@:2}" > "$1.out" 2>&1 < /dev/null &
    started+=($!)
}

# A job that was requeued waits until its credential has expired.
start_slurm() {
    local host port=$((20000 + RANDOM % 20000))
    host=$(hostname -s)
    mkdir -p state spool munge
    chmod 711 "$SCRATCH" && chmod 711 munge
    head -c 1024 /dev/urandom > munge/key && chmod 400 munge/key
    cat > slurm.conf << END
ClusterName=groktest
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$SCRATCH/munge/socket,cred_expire=5
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$SCRATCH/state
SlurmdSpoolDir=$SCRATCH/spool/%n
SlurmctldPidFile=$SCRATCH/slurmctld.pid
SlurmdPidFile=$SCRATCH/slurmd-%n.pid
SlurmctldLogFile=$SCRATCH/slurmctld.log
SlurmdLogFile=$SCRATCH/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,requeue_delay=0,batch_sched_delay=0
SchedulerType=sched/backfill
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
KillWait=5
MinJobAge=600
ReturnToService=2
SlurmdParameters=config_overrides
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=1000 State=UNKNOWN
PartitionName=low Nodes=$host PriorityTier=1 GraceTime=5 Default=YES MaxTime=1:00:00 DefMemPerCPU=10
PartitionName=high Nodes=$host PriorityTier=10 PreemptMode=OFF MaxTime=1:00:00 DefMemPerCPU=10
END
    export SLURM_CONF=$SCRATCH/slurm.conf
    daemon munged munged --foreground --force --key-file="$SCRATCH/munge/key" --socket="$SCRATCH/munge/socket" \
        --pid-file="$SCRATCH/munge/pid" --log-file="$SCRATCH/munge/log" --seed-file="$SCRATCH/munge/seed"
    until_ 10 [ -S munge/socket ] || { cat munged.out munge/log; return 1; }
    daemon slurmctld slurmctld -D
    daemon slurmd slurmd -D
    until_ 60 sinfo_idle || { tail -n 20 slurmctld.log slurmd*.log ./*.out; return 1; }
}
sinfo_idle() { sinfo -h -o %T | grep -q idle; }

states() { squeue -h -a -r -t all -j "$1" -o %T; }
# No word from a busy controller is no end.
is_over() {
    local found
    found=$(states "$1") && [ -n "$found" ] &&
        ! grep -qE 'PENDING|RUNNING|COMPLETING|REQUEUED|CONFIGURING|SUSPENDED' <<< "$found"
}
running() { squeue -h -r -t R -j "$1" -o %A; }

# disturb ARRAY: until it is over, warn, preempt, kill, requeue in turn, at random moments and whom it hits
disturb() {
    local array=$1 job turn=0 end=$((SECONDS + 900))
    n_preempted=0 n_killed=0
    until is_over "$array"; do
        [ "$SECONDS" -lt "$end" ] || { squeue; return 1; }
        sleep "0.$((RANDOM % 10))"
        job=$(running "$array" | shuf -n 1 --random-source=<(yes "$RANDOM"))
        if [ -z "$job" ] || [ $((n_preempted + n_killed)) -ge "${DISTURBANCES:-12}" ]; then
            sleep 1
            continue
        fi
        case $((turn++ % 4)) in
        0)  scancel --signal=USR1 "$job" && n_killed=$((n_killed + 1)) ;;
        1)  sbatch -p high -n 4 --wrap 'sleep 1' -o /dev/null > /dev/null && n_preempted=$((n_preempted + 1))
            sleep 3 ;;
        2)  scancel --signal=KILL "$job.0" && n_killed=$((n_killed + 1)) ;;
        3)  scontrol requeue "$job" && n_killed=$((n_killed + 1)) ;;
        esac
    done
    return 0    # the last job may have ended before its signal came
}

# array RANGE FOLDER: submitted, disturbed, merged by a job that waits for it; equal to the whole
array() {
    local array merge
    array=$(sbatch --parsable --array="$1" --time=10 --cpus-per-task=1 --mem=10 --output="$SCRATCH/log-%a" \
        "$scripts/array.sh" "$SCRATCH/$2" "$TOOL" "${grid[@]}") || return 1
    merge=$(sbatch --parsable --dependency="afterany:$array" --mem=10 --output="$SCRATCH/merge.log" \
        "$scripts/merge.sh" "$SCRATCH/$2" "$SCRATCH/$2.h5") || return 1
    disturb "$array" || return 1
    until_ 60 is_over "$merge" || { echo 'the merge does not end'; squeue -a; return 1; }
    if [ "$(states "$merge")" != COMPLETED ]; then
        echo "the merge: $(states "$merge")"
        cat merge.log log-*
        return 1
    fi
    echo "$2: preempted $n_preempted times, warned, killed or requeued $n_killed times" >> disturbed
    "$BUILD/robust/same" whole.h5 "$2.h5" || return 1
    if [ "$n_preempted" = 0 ] || [ "$n_killed" = 0 ]; then
        echo 'it was not disturbed: give more STEPS'
        return 1
    fi
}

# limited: a time limit that ends a job again and again
limited() {
    local array
    array=$(GRACE=5 sbatch --parsable --array=1-2 --time=1 --cpus-per-task=1 --mem=10 --output="$SCRATCH/limit-%a" \
        "$scripts/array.sh" "$SCRATCH/limit" "$TOOL" "${grid[@]}" --time-limit 1s) || return 1
    until_ 300 is_over "$array" || { squeue; return 1; }
    grok-merge limit/shard-*.h5 -o limit.h5 || { cat limit-*; return 1; }
    grep -q 'time limit reached' limit-1 || { echo 'never limited'; return 1; }
    "$BUILD/robust/same" whole.h5 limit.h5
}

# in_parallel: the same inside one allocation, interrupted once
in_parallel() {
    local n=0
    export TOOL
    while ! seq 8 | timeout -s TERM 4 parallel --will-cite -j 2 --termseq TERM,10000,KILL "$TOOL" "${grid[@]@Q}" -q --threads 1 \
        --shard '{}/8' --resume-or-start -o 'par-{}.h5' 2> parallel.err; do
        [ $((n += 1)) -lt 100 ] || { cat parallel.err; return 1; }
    done
    grok-merge par-*.h5 -o par.h5 && "$BUILD/robust/same" whole.h5 par.h5
}

grid=("${model[@]}" --steps "${STEPS:-$(steps_of_20_seconds)}" --checkpoint-every 0.5)
check 'the whole grid' grok-train "${grid[@]}" -q -o whole.h5
if command -v parallel > /dev/null; then check 'GNU parallel' in_parallel; else echo "skipped ${0##*/}: no GNU parallel"; fi
for program in munged slurmctld slurmd; do command -v $program > /dev/null || skip "no $program"; done
[ "$(id -u)" = 0 ] || skip 'Slurm is tried as root only'
start_slurm > start.out 2>&1 || { cat start.out; skip 'Slurm does not start here'; }
check 'an array from 1' array 1-8 one
check 'an array from 0, with more tasks than that run at once' array 0-7 zero
check 'time limits' limited
cat disturbed
finish
