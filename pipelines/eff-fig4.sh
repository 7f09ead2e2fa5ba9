#!/bin/bash
# EFF, figure 4: data efficiency of nine settings of the optimiser, and of a tenth, which one of them is held against.
. "$(dirname "$0")/eff.sh"
low=1e-4 middle=3e-4 high=1e-3 decay=0.1 usual=half512
# thirty times fewer updates at quick scale: rates and decay are ten times larger
[ "$SCALE" = paper ] || low=1e-3 middle=3e-3 high=1e-2 decay=1 usual=256
what="$nine_model, best test accuracy in $fig4_steps updates"
# nine NAME BATCH RATE OPTION...: at every fraction
nine() {
    # shellcheck disable=SC2046
    show setting="$1" -- of "$nine_model" checkpoint "$nine_model-nine-$1" -- grok-train $(machine) \
        $(model "$nine_model") --fraction "$nine_fractions" --steps "$fig4_steps" --stop "$stop" --batch "$2" \
        --learning-rate "$3" "${@:4}"
}
adam=(--optimizer adam --weight-decay 0)
nine full-batch full $middle "${adam[@]}"
nine minibatch 128 $middle "${adam[@]}"
nine full-batch-update-noise full $middle "${adam[@]}" --update-noise 1
nine dropout "$usual" $middle "${adam[@]}" --dropout 0.1
nine decay-to-zero "$usual" $middle --weight-decay "$decay"
nine decay-to-init "$usual" $middle --weight-decay "$decay" --decay-form init
nine rate-1e-4 "$usual" $low "${adam[@]}"
nine rate-1e-3 "$usual" $high "${adam[@]}"
nine weight-noise "$usual" $middle "${adam[@]}" --weight-noise 0.01
nine plain "$usual" $middle "${adam[@]}"
ready
measures ""
cp "$out.runs.tsv" "$out-sizes.tsv"
plot "$out-sizes.tsv" 'EFF 4: best test accuracy by data size' -x fraction -y test_acc_max --by setting --style linespoints \
    --linear-x --xlabel 'fraction of the items' --ylabel 'best test accuracy'
judge "$out.runs.tsv"
