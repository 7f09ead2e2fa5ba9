# What may be wrong with a teacher: one clear line each, the right exit status, nothing written.
. "$TOP/tests/cli/expect.bash"
tiny='--d-model 8 --n-head 2 --d-mlp 8 --threads 1'
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --batch full --steps 5 -q -o t.h5
# shellcheck disable=SC2086
grok-train $tiny --prime 11 --steps 5 -q -o eq.h5
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --batch full --steps 5 --seed 3,4 -q -o two.h5
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 7,11 --vocab-prime 11 --batch full --steps 5 -q -o shapes.h5
# shellcheck disable=SC2086
grok-train $tiny --preset kd --prime 11 --vocab-prime 11 --batch full --steps 5 --keep metrics -q -o bare.h5
grok-data --prime 5 -o data.h5
head -c 3000 t.h5 > cut.h5
mkdir folder

fails 2 'no teacher: give --teacher FILE' grok-distill -q --steps 3 -o x.h5
fails 1 "teacher: cannot read 'none.h5'" grok-distill -q --steps 3 --teacher none.h5 -o x.h5
fails 1 "teacher: " grok-distill -q --steps 3 --teacher cut.h5 -o x.h5
fails 1 "teacher: " grok-distill -q --steps 3 --teacher folder -o x.h5
fails 1 "teacher: " grok-distill -q --steps 3 --teacher data.h5 -o x.h5
fails 1 "holds 2 shape groups" grok-distill -q --steps 3 --teacher shapes.h5 -o x.h5
fails 1 "has no parameters" grok-distill -q --steps 3 --teacher bare.h5 -o x.h5
fails 2 "reads sequences of 3 tokens, the student's have 4" \
    grok-distill -q --steps 3 --teacher eq.h5 --kl-at last --sequence op-mod --prime 7 -o x.h5
fails 2 "give '--kl-at last', or train both with --sequence op-mod" \
    grok-distill -q --steps 3 --teacher eq.h5 --prime 7 --kl-at op -o x.h5
grok-train --task synth-digits --model mlp --widths 4 --size 20 --steps 1 --threads 1 -q -o digits.h5
fails 2 "a teacher reads tokens: 'synth-digits' has none" \
    grok-distill -q --steps 3 --teacher digits.h5 --task synth-digits -o x.h5
fails 2 "none with seed 0" grok-distill -q --steps 3 --teacher two.h5 --prime 7 -o x.h5
fails 2 "there is no run 2" grok-distill -q --steps 3 --teacher two.h5 --teacher-run 2 --prime 7 -o x.h5
fails 2 "does not know the token '11'" grok-distill -q --steps 3 --teacher t.h5 --prime 13 --vocab-prime 13 -o x.h5
fails 2 "there is no task 'p3', only p1 to p2" grok-distill -q --steps 3 --teacher p3=t.h5 --prime 11 --join add:7 -o x.h5
fails 2 "would both teach p1" grok-distill -q --steps 3 --teacher p1=t.h5 --teacher p1=two.h5 --prime 11 --join add:7 -o x.h5
fails 2 "say what it teaches" grok-distill -q --steps 3 --teacher t.h5 --teacher p2=t.h5 --prime 7 --join subtract:11 -o x.h5
fails 1 "will not write over 't.h5', which is read" grok-distill -q --steps 3 --teacher t.h5 --prime 7 -o t.h5
fails 2 "invalid value '2' for '--kd-weight'" grok-distill -q --steps 3 --teacher t.h5 --kd-weight 2 -o x.h5
fails 2 "invalid value '0' for '--temperature'" grok-distill -q --steps 3 --teacher t.h5 --temperature 0 -o x.h5

# an ignorant teacher is named in a warning
grok-distill --teacher t.h5 --prime 7 --steps 3 -o s.h5 2> err
grep -q "warning: teacher 't.h5' has not grokked: test accuracy 0" err
# what one tool made, another does not resume; a teacher that has changed is found out
fails 2 "'s.h5' was made by grok-distill" grok-train --resume s.h5 --steps 9
cp eq.h5 t.h5
fails 1 "teacher 't.h5' has changed" grok-distill --resume s.h5 --steps 9 -q
