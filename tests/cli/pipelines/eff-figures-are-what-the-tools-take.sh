# Every run that a figure of EFF asks for, at either scale, is one that the tools take, and no checkpoint is made in two ways; the
# models that ungrokking goes on from are those of figure 1.
here=$PWD
cd "$TOP"
for scale in quick paper; do
    for figure in pipelines/eff-*.sh; do BUILD=b RULES=runs SCALE=$scale "$figure"; done > "$here/$scale"
done
cd "$here"
for scale in quick paper; do
    cut -f 2,6- "$scale" | sort -u > made
    [ "$(cut -f 1 made | uniq -d | wc -l)" = 0 ]
    cut -f 2 made | sort -u | tr '\n' ' ' | grep -qx 'grok-finetune grok-train '
    grep -P '\tgrok-train\t' made | cut -f 3- | sort -u | while IFS=$'\t' read -ra words; do
        grok-train "${words[@]}" --dry-run --timing=no -q -o x.h5 > plan 2> said ||
            { cat said; printf '%s ' "${words[@]}"; exit 1; }
    done
done
[ "$(cut -f 1 paper | sort -u | wc -l)" = 9 ]
grep -c '^eff-fig1' paper | grep -qx 4
for model in t2 lstm mlp; do
    grep -q "^eff-fig7	b/eff/paper/$model-ungrokked-s0..4.h5	b/eff/paper/$model-f0.5-s0..4.h5	" paper
done
