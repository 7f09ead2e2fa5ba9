# --resume-or-start: the same command starts, goes on after an interruption, and says that all is done; the result is that of one
# run.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --fraction 0.6 --d-model 8 --n-head 2 --d-mlp 8 --threads 1)

# to_the_end COMMAND...: interrupted, to the end, and once more
to_the_end() {
    local file=${*: -1} found=0 before
    "$@" -q --time-limit 0.01s 2> err || found=$?
    [ "$found" = 4 ] || { echo "exit status $found: $*"; cat err; return 1; }
    "$@" -q 2> err || { cat err; return 1; }
    before=$(sha256sum "$file")
    "$@" 2> err
    grep -q 'nothing to do' err
    [ "$before" = "$(sha256sum "$file")" ]
}
grid=(grok-train "${tiny[@]}" --weight-decay 0.1:1:x3 --seed 0,1 --steps 10000 --stop 'train_loss<1e-9')
"${grid[@]}" -q -o whole.h5
to_the_end "${grid[@]}" --resume-or-start -o a.h5
"$BUILD/robust/same" whole.h5 a.h5
# more steps are a command of the same runs, and so is another way to write it
"${grid[@]}" --seed 0..1 --steps 10500 -q --resume-or-start -o a.h5
grok-train --resume whole.h5 --steps 10500 -q
"$BUILD/robust/same" whole.h5 a.h5

# students and their teacher; a landscape with a rule of its own
grok-train "${tiny[@]}" --steps 100 -q -o teacher.h5
grok-distill --teacher teacher.h5 --prime 5 --kl-at last --threads 1 --steps 6000 -q -o s.h5 2> err
to_the_end grok-distill --teacher teacher.h5 --prime 5 --kl-at last --threads 1 --steps 6000 --resume-or-start -o t.h5
"$BUILD/robust/same" s.h5 t.h5
grok-finetune --from teacher.h5 --prime 7 --fraction 0.4 --state kept --threads 1 --steps 6000 -q -o f.h5 2> err
to_the_end grok-finetune --from teacher.h5 --prime 7 --fraction 0.4 --state kept --threads 1 --steps 6000 \
    --resume-or-start -o g.h5
"$BUILD/robust/same" f.h5 g.h5
land=(grok-landscape "${tiny[@]}" --alpha 0.5,1,2 --steps 4000 --until-flat 1e-9 --wave 1)
"${land[@]}" -q -o l.h5
to_the_end "${land[@]}" --resume-or-start -o m.h5
"$BUILD/robust/same" l.h5 m.h5

# what is there was begun otherwise, or is none of ours: nothing is touched
fails 2 "'a.h5' was begun with other options: --weight-decay is 0.1:1:x3 there, 1 here" \
    grok-train "${tiny[@]}" --weight-decay 1 --seed 0,1 --resume-or-start -o a.h5
fails 2 "--fraction is 0.6 there, 0.3 here" grok-train --prime 7 --resume-or-start -o teacher.h5 --d-model 8 --n-head 2 --d-mlp 8
fails 2 "was made by grok-train" grok-landscape "${tiny[@]}" --alpha 1 --resume-or-start -o a.h5
fails 2 "cannot both be given" grok-train --resume a.h5 --resume-or-start
fails 2 "needs a file" grok-train "${tiny[@]}" --resume-or-start -o - | cat
echo text > text.h5
fails 1 "text.h5" grok-train "${tiny[@]}" --resume-or-start -o text.h5
grok-train "${tiny[@]}" --steps 101 -q --force -o teacher.h5
fails 1 "teacher 'teacher.h5' has changed since it was begun" \
    grok-distill --teacher teacher.h5 --prime 5 --kl-at last --threads 1 --steps 9000 --resume-or-start -o t.h5
