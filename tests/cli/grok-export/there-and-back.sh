# What is exported and imported again is the same bytes, under every naming, in both formats; it resumes, and its losses are the
# ones that the run had.
tiny=(--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 16 --fraction 0.5 --threads 1 -q)
grok-train "${tiny[@]}" --norm pre --bias all --steps 20 --snapshot-every 10 -o a.h5
for names in groktools torch transformerlens; do
    grok-export --names $names a.h5 -o $names.safetensors
    grok-export --names $names a.h5 -o $names.npz
    for file in $names.safetensors $names.npz; do
        grok-import --weights "$file" --names $names "${tiny[@]}" --norm pre --bias all -o back.h5 --force
        grok-check back.h5
        grok-export --names $names back.h5 -o back.npz --force
        cmp $names.npz back.npz
        cmp <(grok-log --final a.h5 | cut -f 5-8) <(grok-log --final back.h5 | cut -f 5-8)
    done
done
grok-import --resume back.h5 --steps 3 -q
[ "$(grok-log --final back.h5 | awk 'NR > 1 { print $3 }')" = 3 ]
grok-ls back.h5 | grep -q 'weights.*transformerlens.npz'

# The layout of Nanda et al.'s code has no names for norms.
grok-train "${tiny[@]}" --steps 5 -o b.h5
grok-export --names progress-measures b.h5 -o p.npz
grok-import --weights p.npz --names progress-measures "${tiny[@]}" -o p.h5
grok-export b.h5 -o one.npz
grok-export p.h5 -o two.npz
cmp one.npz two.npz

# float64, and an mlp as modules of PyTorch
mlp=(--task add --prime 7 --model mlp --widths 5x4 --precision fp64 --fraction 0.5 -q)
grok-train "${mlp[@]}" --steps 5 -o m.h5
grok-export --names torch m.h5 -o m.safetensors
grok-import --weights m.safetensors --names torch "${mlp[@]}" -o n.h5
grok-export m.h5 -o m.npz
grok-export n.h5 -o n.npz
cmp m.npz n.npz
