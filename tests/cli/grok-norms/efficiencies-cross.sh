# What the help says of two circuits' efficiencies: where they cross, by a pipe from grok-norms to grok-stat.
small=(--task add --prime 7 --sequence pair --input onehot --model mlp --widths 16 --seed 0..2
    --batch full --steps 40 --threads 1 -q)
grok-train "${small[@]}" --fraction 0.3,0.5,0.7 -o one.h5
grok-train "${small[@]}" --fraction 0.3,0.5,0.7 --optimizer adam -o two.h5
grok-norms --help | grep -q '^ *grok-stat cross of fraction efficiency --between one,two'
grok-norms --efficiency of=one one.h5 of=two two.h5 > both.tsv
grok-stat cross of fraction efficiency --between one,two < both.tsv > crossing
head -n 1 crossing | grep -q 'crossing	seeds	low	high'
[ "$(tail -n 1 crossing | cut -f 1,3)" = "18	3" ]
# an answer that is known: two becomes one turned over at 0.45
awk -F '\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    { $at["efficiency"] = $at["of"] == "one" ? $at["fraction"] : 0.9 - $at["fraction"]; print }' both.tsv |
    grok-stat cross of fraction efficiency --between one,two > crossing
[ "$(tail -n 1 crossing | cut -f 2)" = 0.45 ]
