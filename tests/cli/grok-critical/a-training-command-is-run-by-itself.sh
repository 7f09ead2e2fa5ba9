# A command without {x} is one that trains: it gets option, seeds and file, and grok-detect says how it ended.
. "$TOP/tests/cli/expect.bash"
small='--task add --prime 7 --sequence pair --fraction 0.5 --model mlp --input onehot --widths 16 --threads 1'
# shellcheck disable=SC2086
critical() { grok-critical --runs runs.tsv --option steps --from 2 --to 62 --precision 8 --seed 0,3 --value train_acc_end -q \
    "$@" -- grok-train $small --batch full --learning-rate 0.01 -q; }
critical --level 0.9 > found
grok-log --final runs-62-0.h5 | grep -q seed    # one seed tries the ends
awk -F '\t' 'NR == 2 { if (!($3 > 2 && $3 < 62) || $6 != 2) exit 1 }' found
# what its checkpoints say is what it took
grok-detect runs-62-0.h5 | grok-rows --select seed,train_acc_end - | tail -n 1 > detected
grep "^62$(printf '\t')0$(printf '\t')" runs.tsv | cut -f 2- | cmp - detected
status=0
critical --level 1.1 2> said || status=$?
[ "$status" = 3 ]
grep -q 'both ends agree: 2 of 2 seeds fail at 62 still' said
