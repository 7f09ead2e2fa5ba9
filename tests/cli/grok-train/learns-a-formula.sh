# a task by a formula is recorded as what it is: it resumes, evaluates, distils, and its dataset is that of the task in words
. "$TOP/tests/cli/expect.bash"
small='--d-model 16 --n-head 2 --d-mlp 16 --threads 1 -q --sequence op-eq'
formula='(a*a + 3*b) % p'

# shellcheck disable=SC2086  # lists of options
grok-train --formula "$formula" --prime 11 $small --steps 20 -o whole.h5
# shellcheck disable=SC2086
grok-train --formula "$formula" --prime 11 $small --steps 10 -o part.h5
grok-train --resume part.h5 --steps 20 -q
diff <(grok-log whole.h5 | grep -v '^#') <(grok-log part.h5 | grep -v '^#')
grok-log --config whole.h5 | grep -qF "$formula"
grok-ls whole.h5 | grep -qF "$formula, p = 11"
# shellcheck disable=SC2086
grok-distill --teacher whole.h5 --formula "$formula" --prime 11 $small --steps 2 -o student.h5
grok-eval --print grid whole.h5 | grep -v '^#' | tail -n +2 | wc -l | grep -qx 121
grok-data --formula "$formula" --prime 11 --sequence op-eq -q -o items.h5
grok-eval --data items.h5 whole.h5 > /dev/null

# a grid of formulas trains side by side; three operands
# shellcheck disable=SC2086
grok-train --formula '(a + b) % p,(a - b) % p' --prime 7 $small --steps 2 -o grid.h5
grok-log --final -m test_acc grid.h5 | grep -v '^#' | cut -f 2- | grep -qF '(a - b) % p'
grok-train --formula '(a + b * c) % p' --prime 5 --d-model 16 --n-head 2 --d-mlp 16 --threads 1 -q --steps 2 -o three.h5
fails 2 "for tasks of two operands"                      grok-eval --print grid three.h5

fails 2 "'--formula' has no effect here"                 grok-train --task add --formula a -o x.h5
fails 2 "expected a whole number in 0..112"              grok-train --formula 'a + b' -o x.h5
fails 2 "not understood at ') % p'"                      grok-train --formula '(a + ) % p' -o x.h5
