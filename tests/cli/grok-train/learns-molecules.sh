# Graphs train, go on bit for bit whatever is beside them, and are evaluated on graphs of other sizes.
. "$TOP/tests/cli/expect.bash"
net=(--task synth-mols --items 60 --fraction 0.5 --model gcnn --widths 8x4 --d-mlp 6 --batch 8 --learning-rate 1e-2)
net+=(--threads 1 -q)
grok-train "${net[@]}" --seed 0..1 --steps 40 -o both.h5 2> said
grok-train "${net[@]}" --seed 1 --steps 20 -o part.h5 2> said
grok-train --resume part.h5 --steps 40 -o whole.h5 2> said
grok-pick both.h5 seed=1 -o one.h5
cmp <(grok-log --final one.h5 | cut -f 2-) <(grok-log --final whole.h5 | cut -f 2-)
printf 'smiles,alpha\nC,10.5\nCCCCCCCCCCC,90\nOC=O,20\nSC,30\n' > mols.csv
grok-data import mols.csv --smiles smiles --targets alpha -q -o mols.h5
grok-eval --data mols.h5 whole.h5 > table
[ "$(wc -l < table)" -ge 2 ]
fails 2 'a gcn takes graphs: these items are tokens' grok-train --task add --prime 11 --model gcn --widths 4 -o x.h5
fails 2 "they need '--loss mse'" grok-train --task synth-mols --model gcn --loss ce -o x.h5
