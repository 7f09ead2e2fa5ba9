# A checkpoint whose data are from a file is asked about these data alone: where the file holds others now, though of the same
# shape, every tool that would look at them says so.  A file that was moved with the checkpoint is found beside it.
. "$TOP/tests/cli/expect.bash"
values() {    # BY: the table of a + BY b
    awk -v by="$1" 'BEGIN { print "a,b,c"
        for (a = 0; a < 5; a++) for (b = 0; b < 5; b++) print a "," b "," (a + by * b) % 5 }'
}
network=(--model mlp --input onehot --widths 8 --batch full --logits answers --sequence pair --steps 20 --threads 1 -q)
mkdir home
(
    cd home
    values 1 > t.csv
    seq 0 11 > items.txt
    grok-train --table t.csv --split items.txt "${network[@]}" -o run.h5
    grok-eval run.h5 > ../before
)
mv home other
grok-eval other/run.h5 | cmp - before    # neither home/t.csv nor t.csv is there
cd other
changed='the data have changed since the checkpoint was made'
ask() {    # STATUS MESSAGE
    fails "$1" "$2" grok-eval run.h5
    fails "$1" "$2" grok-check --leaks run.h5
    fails "$1" "$2" grok-norms --efficiency run.h5
    fails "$1" "$2" grok-mix run.h5 run.h5
}
values 3 > t.csv
ask 1 "$changed"
fails 1 "$changed" grok-finetune --from run.h5 --steps 1 "${network[@]}" -o x.h5
fails 1 "$changed" grok-distill --teacher run.h5 --kl-at last --task add --prime 5 "${network[@]}" -o x.h5
fails 1 "$changed" grok-cluster run.h5
fails 1 "$changed" grok-train --resume run.h5 --steps 40 -q
values 1 > t.csv
seq 1 12 > items.txt
ask 1 'the split has changed since the checkpoint was made: other train items'
