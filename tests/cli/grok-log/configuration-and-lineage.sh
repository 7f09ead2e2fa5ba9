# --config lists every option in force, --lineage where the file came from.
grok-train --task subtract --prime 7 --fraction 0.5 --d-model 8 --n-head 2 --d-mlp 8 --weight-decay 0.5 --steps 5 -q -o a.h5
grok-log --config a.h5 > config
for entry in 'task subtract' 'prime 7' 'fraction 0.5' 'weight_decay 0.5' 'd_model 8' 'learning_rate 0.001' 'optimizer adamw'; do
    grep -q "^${entry% *}$(printf '\t')${entry#* }$" config || { echo "not there: $entry"; cat config; exit 1; }
done
grok-log --lineage a.h5 > lineage
sha256=$(sha256sum a.h5 | cut -d ' ' -f 1)
[ "$(grep -v '^#' lineage | head -n 2)" = "$(printf 'depth\trole\tpath\tsha256\n0\tself\ta.h5\t%s' "$sha256")" ]
