# `| head` ends a tool as it ends other programs, by SIGPIPE and without a word, also of --help; what goes to a closed stream is
# an error, and does not land in a file
. "$TOP/tests/robust/writers.bash"
make_inputs

# quietly WHAT COMMAND...: its reader is gone before it writes
quietly() {
    local what=$1
    shift
    set +e
    { sleep 0.2; exec "$@" 2> err; } | true
    local status=${PIPESTATUS[0]}
    set -e
    [ "$status" = 141 ] || { echo "$what: status $status"; cat err; exit 1; }
    [ ! -s err ] || { echo "$what: $(cat err)"; exit 1; }
}
for tool in "$BUILD"/bin/grok-*; do quietly "${tool##*/} --help" "$tool" --help; done
quietly 'grok-ls' grok-ls base.h5
quietly 'grok-check' grok-check --verbose base.h5
quietly 'grok-train --preset help' grok-train --preset help
quietly 'grok-data show' grok-data --task add --prime 7 show
quietly 'grok-plot --term' grok-plot base.h5 -y train_loss --term
for key in grok-log grok-log:json grok-stat grok-claims grok-trajectory grok-merge grok-data grok-train; do
    # shellcheck disable=SC2086
    quietly "$key" ${writer[$key]} -o -
done

# whoever ignores the signal wants a message
( trap '' PIPE; { sleep 0.2; grok-log base.h5 2> err || echo $? > status; } | true )
[ "$(cat status)" = 1 ]
grep -q 'cannot write standard output: Broken pipe' err

# a training whose messages nobody reads goes on
# shellcheck disable=SC2086
{ sleep 0.2; exec grok-train ${small% -q} --steps 3 -o unheard.h5; } 2>&1 | true
grok-check unheard.h5

# closed streams
status=0
grok-log base.h5 >&- 2> err || status=$?
[ "$status" = 1 ]
grep -q 'cannot write standard output' err
status=0
# shellcheck disable=SC2086
grok-train $small --steps 3 -o closed.h5 >&- <&- 2>&- || status=$?
[ "$status" = 0 ]
grok-check closed.h5
