# A checkpoint on the way that cannot be written is a warning, which says where the file on disk stands; training goes on and
# writes again later.  The last one, or that of an interruption, is an error which says the same.
. "$TOP/tests/cli/expect.bash"
shim=$BUILD/robust/failing.so
[ -e "$shim" ] || { echo "skip: no $shim"; exit 0; }
run=(--task add --prime 7 --fraction 0.5 --d-model 8 --n-head 1 --d-mlp 8 --threads 1 --checkpoint-every 0.01 -q -o out/x.h5)
mkdir out
n_step=60000

# failing AT ON COMMAND...: the AT-th call on files of out fails, and with ON 1 all later ones; status in $found, messages in err
failing() {
    found=0
    FAIL_FOLDER=$PWD/out FAIL_WITH=ENOSPC FAIL_AT=$1 FAIL_ON=$2 LD_PRELOAD=$shim "${@:3}" 2> err || found=$?
}
# steps_told PATTERN: the different steps that lines with it name
steps_told() { sed -n "s/.*$1.* stands at step \([0-9]*\).*/\1/p" err | sort -nu; }
step_of() { grok-log --runs "$1" | grok-rows --select step - | grep -v -e '^#' -e step; }

# The first two calls are the probe; a checkpoint makes nine or ten.
grok-train "${run[@]}" --steps $n_step
mv out/x.h5 whole.h5
failing 4 0 grok-train "${run[@]}" --steps $n_step
[ "$found" = 0 ]
grep -q "warning: cannot write 'out/x.h5': No space left on device; nothing of this training is on disk, and training goes" err
[ "$(wc -l < err)" = 1 ]
"$BUILD/robust/same" whole.h5 out/x.h5
rm out/x.h5

failing 14 0 grok-train "${run[@]}" --steps $n_step
[ "$found" = 0 ]
[ "$(grep -c "warning: cannot write.* 'out/x.h5' stands at step [1-9][0-9]*, and training goes on$" err)" = 1 ]
"$BUILD/robust/same" whole.h5 out/x.h5
rm out/x.h5

# Full to the end: the first checkpoint stays, and going on from it is as if nothing had been.
failing 14 1 grok-train "${run[@]}" --steps $n_step
[ "$found" = 1 ]
[ "$(steps_told warning)" = "$(step_of out/x.h5)" ]
tail -n 1 err | grep -q "^grok-train: cannot write.*; 'out/x.h5' stands at step $(step_of out/x.h5), from where --resume goes on$"
grok-train --resume out/x.h5 -q
"$BUILD/robust/same" whole.h5 out/x.h5

# Resumed, the file stays as it was.
failing 8 1 grok-train --resume out/x.h5 --steps 60100 -q
[ "$found" = 1 ]
tail -n 1 err | grep -q "^grok-train: cannot write.*; 'out/x.h5' stands at step $n_step, from where the same command goes on$"
"$BUILD/robust/same" whole.h5 out/x.h5

# Out of time, with nowhere to write
rm out/x.h5
failing 14 1 grok-train "${run[@]}" --steps 1000000000 --time-limit 2s
[ "$found" = 1 ]
tail -n 1 err | grep -q "'out/x.h5' stands at step $(step_of out/x.h5), from where --resume goes on"
