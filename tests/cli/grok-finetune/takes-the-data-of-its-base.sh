# Task, prime and fraction that are not given are those of the base, and recorded like all others; with no word about data so is
# everything about them.
. "$TOP/tests/cli/expect.bash"
tiny='--d-model 8 --n-head 2 --d-mlp 8 --steps 5 --threads 1 --device cpu -q'
config() { grok-log --config "$1" | awk -F '\t' -v name="$2" '$1 == name { print $2 }'; }
go_on() { grok-finetune --from base.h5 --steps 3 --threads 1 --device cpu -q --force -o x.h5 "$@" 2> /dev/null; }
# shellcheck disable=SC2086
grok-train $tiny --task subtract --prime 11 --sequence op-mod --fraction 0.4,0.6 --label-noise 0.1 -o base.h5

# expect TASK PRIME FRACTION NOISE
expect() {
    local found
    found="$(config x.h5 task) $(config x.h5 prime) $(config x.h5 fraction) $(config x.h5 label_noise)"
    [ "$found" = "$*" ] || { echo "$found, expected $*"; exit 1; }
}
go_on --from-run 1;                            expect subtract 11 0.6 0.1
go_on --from-run 0;                            expect subtract 11 0.4 0.1
go_on --from-run 1 --prime 7;                  expect subtract 7 0.6 0
go_on --from-run 1 --fraction 0.5;             expect subtract 11 0.5 0
go_on --from-run 1 --task add;                 expect add 11 0.6 0
go_on --from-run 1 --task add --prime 7 --fraction 0.3; expect add 7 0.3 0
[ "$(grok-log -m p2/test_acc x.h5 | grep -vc '^#')" -ge 2 ]    # the old task is still looked at

# other data than those modulo a prime take nothing from one, but everything from a base of their kind
# shellcheck disable=SC2086
grok-train --task synth-digits --items 60 --model mlp-784 --steps 3 --threads 1 --device cpu -q --force -o base.h5
go_on
[ "$(config x.h5 task) $(config x.h5 items)" = 'synth-digits 60' ]
