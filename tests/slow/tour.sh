#!/bin/bash
# README's five minutes, as printed: every command ends with status 0, without a network, and what the text promises is there.
# All of it takes less processor time than two cores have in five minutes.  SHOW=1 prints what each command takes.
. "$(dirname "$0")/../robust/common.bash"
unset GROK_DATA

# The indented lines of the section, but for the last block: papers take longer.
awk '/^## /              { inside = /^## Five minutes/ }
     /^Regenerate a paper/ { inside = 0 }
     inside && /^    /   { print substr($0, 5) }' "$TOP/README.md" > tour
[ "$(grep -c grok- tour)" -ge 20 ] || failed "README has only $(grep -c grok- tour) commands"

# Commands with their continuations, one after another in this shell, so that variables stay.
command=''
while IFS= read -r line; do
    command+=$line$'\n'
    [[ $line != *\\ ]] || continue
    began=$EPOCHREALTIME status=0
    case $command in
    '#'*|' '*|export*) ;;    # this shell has its own path
    *)  eval "$command" > out 2> err < /dev/null || status=$?
        [ -z "${SHOW:-}" ] || awk -v from="$began" -v to="$EPOCHREALTIME" -v what="${command%%$'\n'*}" \
            'BEGIN { printf "%6.1f s  %s\n", to - from, what }'
        if [ "$status" = 0 ]; then ok; else failed "status $status: $command"; cat err; fi ;;
    esac
    command=''
done < tour
mv out crossed

# What the text says.
cat > tour.claims << 'END'
id: tour.grid
says: each of the four models has understood
where: of=grid
predicate: all(step_test_99 < inf)

id: tour.end
says: teachers and students end with 99 % of their test items
where: of=teacher or of=student
predicate: all(test_acc_end >= 0.99)

id: tour.both
says: who goes on knows more than 90 % of the new items
where: of=both
predicate: all(test_acc_end > 0.9)
END
cat > old.claims << 'END'
id: tour.old
says: and of the old
predicate: all(`p2/test_acc` > 0.9)
END
cat > land.claims << 'END'
id: land.l
says: the lowest train loss is an L over the norm
predicate: all(train_loss > 1e-2 | alpha < 0.2) and all(train_loss < 1e-5 | alpha >= 1)

id: land.u
says: the test loss is a U over the norm
predicate: all(test_loss < 1e-3 | alpha > 0.5 and alpha < 1.5) and all(test_loss > 1e-2 | alpha < 0.2 or alpha > 5)
END
# holds CLAIMS TABLE: every one of them
holds() {
    grok-claims --claims "$1" "$2" | grok-rows --select id,verdict,measured - > verdicts
    [ "$(grep -c PASS verdicts)" = "$(grep -c '^id:' "$1")" ] || { cat verdicts; return 1; }
}
grok-detect of=grid grid.h5 of=teacher t47.h5 of=student s47.h5 of=both c43.h5 -o tour.tsv || failed 'grok-detect'
grok-log --landscape land.h5 -o land.tsv || failed 'grok-log --landscape'
check 'what the text says' holds tour.claims tour.tsv
grok-log --final -m p2/test_acc c43.h5 -o old.tsv || failed 'grok-log --final'
check 'remembers' holds old.claims old.tsv
check 'an L and a U' holds land.claims land.tsv
check 'the grid of digits is crossed at 0.3' [ "$(grep -vc '^#' crossed)" -ge 2 ]
for figure in grid.svg lu.svg tongue.svg; do check "$figure" [ -s $figure ]; done

# Processor time of all that ran here.
times > used    # not in $( ), which has times of its own
used=$(awk 'END { gsub(/[ms]/, " "); print int(60 * ($1 + $3) + $2 + $4) }' used)
[ -z "${SHOW:-}" ] || echo "$used s of processor time"
check "$used s of processor time are more than two cores have in five minutes" [ "$used" -le 600 ]
finish
