# --name and --tag are columns of every table about runs, and what runs are grouped by; --note stands above tables and in grok-ls.
. "$TOP/tests/cli/expect.bash"
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 -q --steps 30)
grok-train "${tiny[@]}" --seed 0,1 --name base --tag arch=small --tag 'lab=a; who=me' --note 'first try' -o a.h5
grok-train "${tiny[@]}" --seed 2,3 --name wide --tag arch=large --note 'second' -o b.h5
header() { grep -v '^#' "$1" | head -n 1; }
for tool in 'log' 'log --final' 'log --runs' detect eval norms fourier; do
    # shellcheck disable=SC2086
    grok-$tool a.h5 -o t.tsv
    header t.tsv | grep -q $'\tname\tarch\tlab\twho\t' || { echo "grok-$tool: $(header t.tsv)"; exit 1; }
    grep -qx '# note of a.h5: first try' t.tsv
    grep -v '^#' t.tsv | tail -n 1 | grep -q $'\tbase\tsmall\ta\tme\t'
done
grok-ls a.h5 | grep -q '^  name  *base$'
grok-ls a.h5 | grep -q '^  tag  *arch=small; lab=a; who=me$'
grok-ls a.h5 | grep -q '^  note  *first try$'
grok-detect a.h5 b.h5 | grok-stat median test_acc_end --by arch | cut -f 1 | grep -v '^#' | sort | xargs > got
grep -qx 'arch large small' got
grok-log a.h5 b.h5 | grok-plot - -y test_acc --by arch -o f.svg
grep -q large f.svg
grok-plot a.h5 -y test_acc -o g.svg    # what all share is no legend
not grep -q small g.svg

# They stay with the runs: resumed, picked, merged with runs of other tags.
grok-train --resume a.h5 --steps 40 --note 'went on' -q --threads 1
grok-log --runs a.h5 | grep -q $'\tbase\tsmall\t'
grok-ls a.h5 | grep -q '^  note  *went on$'
grok-train --resume b.h5 --steps 40 -q --threads 1
grok-merge b.h5 a.h5 -o m.h5
grok-check m.h5
[ "$(grok-ls m.h5 | grep -c '^group')" = 1 ]
grok-log --runs m.h5 | grep -v '^#' | cut -f 1-6 > got
printf '%s\n' $'run\tseed\tname\tarch\tlab\twho' $'0\t0\tbase\tsmall\ta\tme' $'1\t1\tbase\tsmall\ta\tme' \
    $'2\t2\twide\tlarge\t\t' $'3\t3\twide\tlarge\t\t' | diff - got
grok-ls m.h5 | grep -q '^  note  *second; went on$'
grok-pick m.h5 seed=2 -o p.h5
grok-log --runs p.h5 | grep -q $'\twide\tlarge\t'

fails 2 "there is an option --seed: choose another name" grok-train "${tiny[@]}" --tag seed=1 -o no.h5
fails 2 "there is an option --d-model" grok-train "${tiny[@]}" --tag d_model=1 -o no.h5
fails 2 "there is a column status" grok-train "${tiny[@]}" --tag status=1 -o no.h5
fails 2 "'--tag a=...' is given twice" grok-train "${tiny[@]}" --tag a=1 --tag a=2 -o no.h5
fails 2 "expected KEY=VALUE" grok-train "${tiny[@]}" --tag small -o no.h5
fails 2 "expected KEY=VALUE" grok-train "${tiny[@]}" --tag 'a b=1' -o no.h5
fails 2 "'--tag' cannot be given with --resume" grok-train --resume a.h5 --tag a=1
grok-train "${tiny[@]}" --tag flags=1 -o c.h5
fails 2 "have a column 'flags' (--tag), and so has the table" grok-detect c.h5
