# What may be wrong with a teacher: one clear line each, the right exit status, nothing written.
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

fails() {
    local expected=$1 message=$2 found=0
    shift 2
    grok-distill -q --steps 3 "$@" > out 2> err || found=$?
    grep -v warning err > said || true    # of a teacher that knows little
    [ "$found" = "$expected" ] || { echo "exit $found, expected $expected: grok-distill $*"; cat err; return 1; }
    if [ -s out ] || [ "$(wc -l < said)" != 1 ]; then echo "more than one line: grok-distill $*"; cat out err; return 1; fi
    grep -qF -- "$message" said || { echo "expected '$message', found:"; cat err; return 1; }
    [ ! -e x.h5 ] || { echo "x.h5 was written: grok-distill $*"; return 1; }
}
fails 2 'no teacher: give --teacher FILE' -o x.h5
fails 1 "teacher: cannot read 'none.h5'" --teacher none.h5 -o x.h5
fails 1 "teacher: " --teacher cut.h5 -o x.h5
fails 1 "teacher: " --teacher folder -o x.h5
fails 1 "teacher: " --teacher data.h5 -o x.h5
fails 1 "holds 2 shape groups" --teacher shapes.h5 -o x.h5
fails 1 "has no parameters" --teacher bare.h5 -o x.h5
fails 1 "reads sequences of 3 tokens, the student's have 4" --teacher eq.h5 --kl-at last --sequence op-mod --prime 7 -o x.h5
fails 1 "needs an operator token" --teacher eq.h5 --prime 7 -o x.h5
fails 1 "none with seed 0" --teacher two.h5 --prime 7 -o x.h5
fails 1 "there is no run 2" --teacher two.h5 --teacher-run 2 --prime 7 -o x.h5
fails 1 "does not know the token '11'" --teacher t.h5 --prime 13 --vocab-prime 13 -o x.h5
fails 1 "there is no task 'p3', only p1 to p2" --teacher p3=t.h5 --prime 11 --join add:7 -o x.h5
fails 1 "would both teach p1" --teacher p1=t.h5 --teacher p1=two.h5 --prime 11 --join add:7 -o x.h5
fails 1 "say what it teaches" --teacher t.h5 --teacher p2=t.h5 --prime 7 --join subtract:11 -o x.h5
fails 2 "would overwrite the teacher" --teacher t.h5 --prime 7 -o t.h5
cmp -s t.h5 t.h5
fails 2 "invalid value '2' for '--kd-weight'" --teacher t.h5 --kd-weight 2 -o x.h5
fails 2 "invalid value '0' for '--temperature'" --teacher t.h5 --temperature 0 -o x.h5

# an ignorant teacher is named in a warning
grok-distill --teacher t.h5 --prime 7 --steps 3 -o s.h5 2> err
grep -q "warning: teacher 't.h5' has not grokked: test accuracy 0" err
# what one tool made, another does not resume; a teacher that has changed is found out
! grok-train --resume s.h5 --steps 9 2> err
grep -q "'s.h5' was made by grok-distill" err
cp eq.h5 t.h5
! grok-distill --resume s.h5 --steps 9 -q 2> err
grep -q "teacher 't.h5' has changed" err
