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

# Updates that take a core of this machine some 40 seconds, whatever else it does: time to be disturbed in every way.
steps_of_40_seconds() {
    local TIMEFORMAT='%U' used
    { time grok-train "${model[@]}" -q --steps 400 -o probe.h5 2>&3; } 3>&2 2> probe.time || return 1
    used=$(tail -n 1 probe.time)
    awk -v used="$used" 'BEGIN { print int(400 * 40 / used) }'
}

skip() { echo "skipped ${0##*/}: $*"; finish; }
ended() {
    local pid
    [ -z "${SLURM_CONF:-}" ] || ! timeout 5 scancel --user "$(id -un)" || sleep 2
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
GresTypes=gpu
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 RealMemory=1000 Gres=gpu:1 State=UNKNOWN
NodeName=node2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=2 RealMemory=1000 Gres=gpu:1 State=UNKNOWN
PartitionName=low Nodes=node1,node2 PriorityTier=1 GraceTime=5 Default=YES MaxTime=1:00:00 DefMemPerCPU=10
PartitionName=high Nodes=node1,node2 PriorityTier=10 PreemptMode=OFF MaxTime=1:00:00 DefMemPerCPU=10
END
    printf 'NodeName=node%s Name=gpu File=/dev/null\n' 1 2 > gres.conf    # no device: the plug-in is emulated
    export SLURM_CONF=$SCRATCH/slurm.conf
    daemon munged munged --foreground --force --key-file="$SCRATCH/munge/key" --socket="$SCRATCH/munge/socket" \
        --pid-file="$SCRATCH/munge/pid" --log-file="$SCRATCH/munge/log" --seed-file="$SCRATCH/munge/seed"
    until_ 10 [ -S munge/socket ] || { cat munged.out munge/log; return 1; }
    daemon slurmctld slurmctld -D
    daemon slurmd1 slurmd -D -N node1
    daemon slurmd2 slurmd -D -N node2
    until_ 60 nodes_idle || { tail -n 20 slurmctld.log slurmd*.log ./*.out; return 1; }
}
nodes_idle() { [ "$(sinfo -h -p low -t idle -o %D)" = 2 ]; }

states() { squeue -h -a -r -t all -j "$1" -o %T; }
# No word from a busy controller is no end.
is_over() {
    local found
    found=$(states "$1") && [ -n "$found" ] &&
        ! grep -qE 'PENDING|RUNNING|COMPLETING|REQUEUED|CONFIGURING|SUSPENDED' <<< "$found"
}
# training ARRAY: the tasks of it whose tool runs now
training() { squeue -h -s -j "$1" -o %i | sed -n 's/\.0$//p'; }

# What can happen to a task, and the words of its log that tell that it did.
ways=(warned preempted killed requeued)
declare -A words=([warned]='Exited with exit code 138' [preempted]='DUE TO PREEMPTION' [killed]='task 0: Killed'
                  [requeued]='DUE TO JOB REQUEUE')
n_times() { cat "$SCRATCH/$2".log-* 2> /dev/null | grep -c "${words[$1]}"; }

# scancel waits and tries again when a job is on its way elsewhere, up to half a minute: it has three seconds.
# disturb_once WAY JOB
disturb_once() {
    case $1 in
    warned)    timeout 3 scancel --signal=USR1 "$2" ;;
    preempted) sbatch -p high -N 2 -n 4 --wrap 'sleep 1' -o /dev/null > /dev/null ;;
    killed)    timeout 3 scancel --signal=KILL "$2.0" ;;
    requeued)  timeout 3 scontrol requeue "$2" ;;
    esac
}

# missing FOLDER: the ways in which no task has been disturbed yet
missing() {
    local way
    for way in "${ways[@]}"; do [ "$(n_times "$way" "$1")" != 0 ] || echo "$way"; done
}

# disturb ARRAY FOLDER: until it is over, warn, preempt, kill, requeue, at random moments and whom it hits; a dozen times, and
# until each has come to pass
disturb() {
    local array=$1 folder=$2 way job left n=0 end=$((SECONDS + 900))
    until is_over "$array"; do
        [ "$SECONDS" -lt "$end" ] || { squeue; return 1; }
        left=$(missing "$folder")
        [ -n "$left" ] || sleep "0.$((RANDOM % 10))"
        [ -n "$left" ] || [ "$n" -lt "${DISTURBANCES:-12}" ] || continue
        job=$(training "$array" | shuf -n 1 --random-source=<(yes "$RANDOM"))
        [ -n "$job" ] || continue
        way=$(shuf -n 1 --random-source=<(yes "$RANDOM") <<< "${left:-$(printf '%s\n' "${ways[@]}")}")
        if disturb_once "$way" "$job"; then n=$((n + 1)); fi
        until_ 5 ended_step "$job" || true    # it may have ended by itself, or not hear of it
    done
}
ended_step() { ! training "$array" | grep -qx "$1"; }

# array RANGE FOLDER: submitted, disturbed, merged by a job that waits for it; equal to the whole
array() {
    local array merge way times=()
    array=$(sbatch --parsable --array="$1" --time=10 --cpus-per-task=1 --mem=10 --output="$SCRATCH/$2.log-%a" \
        "$scripts/array.sh" "$SCRATCH/$2" "$TOOL" "${grid[@]}") || return 1
    merge=$(sbatch --parsable --dependency="afterany:$array" --mem=10 --output="$SCRATCH/merge.log" \
        "$scripts/merge.sh" "$SCRATCH/$2" "$SCRATCH/$2.h5") || return 1
    disturb "$array" "$2" || return 1
    until_ 60 is_over "$merge" || { echo 'the merge does not end'; squeue -a; return 1; }
    if [ "$(states "$merge")" != COMPLETED ]; then
        echo "the merge: $(states "$merge")"
        cat merge.log "$2".log-*
        return 1
    fi
    "$BUILD/robust/same" whole.h5 "$2.h5" || return 1
    for way in "${ways[@]}"; do times+=("$way $(n_times "$way" "$2")"); done
    echo "$2: times that tasks were ${times[*]}" >> disturbed
}

# Where all tasks ended before each way had come to pass, they were too fast: once more.
# array_in_every_way RANGE FOLDER
array_in_every_way() {
    local try
    for try in 1 2 3; do
        array "$1" "$2$try" || return 1
        [ -n "$(missing "$2$try")" ] || return 0
    done
    echo "no task was $(missing "$2$try" | xargs), three times: give more STEPS"
    cat disturbed "$2$try".log-*
    return 1
}

# limited: a time limit that ends a job again and again, of a grid of a tenth of the updates
limited() {
    local array brief=("${model[@]}" --steps $((steps / 10)) --checkpoint-every 0.5)
    grok-train "${brief[@]}" -q -o brief.h5 || return 1
    array=$(GRACE=5 sbatch --parsable --array=1-2 --time=1 --cpus-per-task=1 --mem=10 --output="$SCRATCH/limit.log-%a" \
        "$scripts/array.sh" "$SCRATCH/limit" "$TOOL" "${brief[@]}" --time-limit 1s) || return 1
    until_ 600 is_over "$array" || { squeue; return 1; }
    grok-merge limit/shard-*.h5 -o limit.h5 || { cat limit.log-*; return 1; }
    grep -q 'time limit reached' limit.log-1 || { echo 'never limited'; return 1; }
    "$BUILD/robust/same" brief.h5 limit.h5
}

# on_gpus: gpu.sh, with the plug-in's sources on the host
on_gpus() {
    local array small=(--task add --prime 5 --fraction 0.5 --d-model 8 --n-head 1 --d-mlp 8 --seed 0..5 --steps 30)
    export GK_PLUGIN_DIR=$BUILD/emulated
    grok-train "${small[@]}" --device cuda -q -o onegpu.h5 || return 1
    array=$(ARRAY=$scripts/array.sh sbatch --parsable --array=0-2 --time=5 --gpus=1 --cpus-per-task=1 --mem=10 \
        --output="$SCRATCH/gpu.log-%a" "$scripts/gpu.sh" "$SCRATCH/gpu" "$TOOL" "${small[@]}") || return 1
    until_ 300 is_over "$array" || { squeue; return 1; }
    grok-merge gpu/shard-*.h5 -o gpu.h5 || { cat gpu.log-*; return 1; }
    "$BUILD/robust/same" onegpu.h5 gpu.h5
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

steps=${STEPS:-$(steps_of_40_seconds)} || { failed 'grok-train does not train'; finish; }
grid=("${model[@]}" --steps "$steps" --checkpoint-every 0.5)
check 'the whole grid' grok-train "${grid[@]}" -q -o whole.h5
if command -v parallel > /dev/null; then check 'GNU parallel' in_parallel; else echo "skipped ${0##*/}: no GNU parallel"; fi
for program in munged slurmctld slurmd; do command -v $program > /dev/null || skip "no $program"; done
[ "$(id -u)" = 0 ] || skip 'Slurm is tried as root only'
start_slurm > start.out 2>&1 || { cat start.out; skip 'Slurm does not start here'; }
check 'an array from 1' array_in_every_way 1-8 one
check 'an array from 0, with more tasks than that run at once' array_in_every_way 0-7 zero
check 'time limits' limited
if [ -e "$BUILD/emulated/libgrok-cuda.so" ]; then
    check 'an array of GPUs' on_gpus
else
    echo "skipped ${0##*/}: no emulated plug-in"
fi
cat disturbed
finish
