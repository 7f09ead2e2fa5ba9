# --config trains again what a checkpoint recorded, or a text says; the command line changes some of it.
# shellcheck disable=SC2054  # lists of values have commas
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q)
rows() { grok-log --config "$1" | grep -v '^#'; }
same() {
    "$BUILD/robust/same" "$1" "$2"
    cmp <(rows "$1") <(rows "$2")
}
grok-train "${tiny[@]}" --preset kd --batch full --optimizer sgd --momentum 0.9 --weight-decay 0 --size 20 --seed 0,1 --norm pre \
    --snapshot-every 5 --steps 10 -o a.h5
grok-train --config a.h5 --threads 1 -q -o b.h5
same a.h5 b.h5
grok-log --config a.h5 -o a.tsv
grok-train --config a.tsv --threads 1 -q -o c.h5 2> err
same a.h5 c.h5
[ ! -s err ]

# Changes: a value, a list in place of a list, and what excludes something that was recorded.
changed() {
    grok-train "${tiny[@]}" --preset kd --batch full --optimizer sgd --momentum 0.9 --weight-decay 0 --norm pre --steps 10 "$@" \
        --force -o want.h5
}
grok-train --config a.h5 --learning-rate 0.5 --seed 3..4 --threads 1 -q -o d.h5
changed --size 20 --snapshot-every 5 --learning-rate 0.5 --seed 3..4
same want.h5 d.h5
grok-train --config a.h5 --fraction 0.5 --snapshot-growth 2 --threads 1 -q -o e.h5
changed --seed 0,1 --fraction 0.5 --snapshot-growth 2
same want.h5 e.h5
grok-data --task add --prime 7 -o d7.h5 -q
grok-train --data d7.h5 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q --steps 3 -o data.h5
grok-train --config data.h5 --task subtract --prime 5 --threads 1 -q -o f.h5
[ "$(grok-log --config f.h5 | grep -c '^data	')" = 0 ]
grok-train --config a.h5 --threads 1 -q --dry-run > /dev/null

# Another tool's: what this one does not have is told.
grok-distill --teacher a.h5 --teacher-run 0 "${tiny[@]}" --kl-at last --steps 3 -o s.h5 2> /dev/null
grok-train --config s.h5 --threads 1 -q -o alone.h5 2> err
grep -q "was made by grok-distill; not replayed, since grok-train does not have them: --teacher, " err

# A text: comments, all spellings, presets; faults with their line.
printf '%s\n' '# mine' '' 'preset = nanda' '--steps=4' 'd-model 8' $'n_head\t2' '  d-mlp: 8' > bad.txt
printf '%s\n' '# mine' '' 'preset = nanda' '--steps=4' 'd-model 8' $'n_head\t2' '--d-mlp 8' 'tag = a=b' 'tag = c=d e' > o.txt
grok-train --config o.txt --prime 7 --threads 1 -q -o t.h5
grok-train --preset nanda --steps 4 --d-model 8 --n-head 2 --d-mlp 8 --tag a=b --tag 'c=d e' --prime 7 --threads 1 -q -o u.h5
same t.h5 u.h5
fails 2 "'bad.txt', line 7: grok-train has no option '--d-mlp:'" grok-train --config bad.txt -o no.h5
printf 'steps 4\nsteps=5\n' > bad.txt
fails 2 "'bad.txt', line 2: '--steps' is there twice" grok-train --config bad.txt -o no.h5
printf 'steps\n' > bad.txt
fails 2 "'bad.txt', line 1: '--steps' needs a value" grok-train --config bad.txt -o no.h5
fails 1 "cannot open 'none.h5'" grok-train --config none.h5 -o no.h5
fails 1 "'cut.h5'" sh -c 'head -c 3000 a.h5 > cut.h5; grok-train --config cut.h5 -o no.h5; s=$?; rm cut.h5; exit $s'
fails 2 "'--config' cannot be given with --resume" grok-train --config a.h5 --resume b.h5
fails 1 "will not write over 'a.h5', which is read" grok-train --config a.h5 --threads 1 -q --force -o a.h5
