# An export says with what data and names it was made: imported, it is tested on what was test there.  Where that is not known, or
# not so, a warning says that test items may have been trained on.
. "$TOP/tests/cli/expect.bash"
shape=(--d-model 8 --n-head 2 --d-mlp 8 --threads 1)
grok-train --task add --prime 7 --fraction 0.4,0.7 --seed 0,5 --steps 30 "${shape[@]}" -q -o a.h5
losses() {
    grok-log --final "$@" -m train_loss,train_acc,test_loss,test_acc |
        awk -F '\t' '!/^#/ { print $(NF - 5), $(NF - 4), $(NF - 3), $(NF - 2) }'
}
no_doubt() { not grep -qF 'may be train items there' err; }
import() { grok-import "${shape[@]}" -q --force -o b.h5 "$@" 2> err; }
for run in 0 1 2 3; do
    for names in groktools torch; do
        grok-export --run $run --names $names a.h5 -o $names.safetensors --force
        import --weights $names.safetensors
        cmp <(losses -r $run a.h5) <(losses b.h5)
        no_doubt
    done
done
# what is given takes the place of what the file says, a grid as well
import --weights torch.safetensors --seed 5,6
grep -qF "warning: 'torch.safetensors' was trained with other data or another split (--seed): items that count as test" err
import --weights torch.safetensors --fraction 7/10 --prime 7
no_doubt
import --weights torch.safetensors --task subtract --prime 7 --fraction 0.7 --seed 5
grep -qF "(--task)" err
[ "$(grok-log --config b.h5 | awk '$1 == "task" { print $2 }')" = subtract ]
# an npz says nothing; a split that is given is the user's word
grok-export --run 3 a.h5 -o a.npz
import --weights a.npz --prime 7
[ "$(grep -c "'a.npz' does not say what it was trained on" err)" = 1 ]
seq 0 20 > items
import --weights a.npz --prime 7 --split items
no_doubt
# it goes on with what it began with
grok-import --resume b.h5 --steps 2 -q
# another program's words are no options
[ "$(grok-log --config b.h5 | awk '$1 == "names" { print $2 }')" = groktools ]
