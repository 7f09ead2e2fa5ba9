# docs/presets.md has a row for every preset, and its count of parameters is the program's
sed -n 's/^| \([a-z0-9-]*\) | .* | \([0-9]\{4,\}\) | .* | .*|$/\1 \2/p' "$TOP/docs/presets.md" | sort > said
grok-train --preset help | sed -n 's/^\([a-z][a-z0-9-]*\)  *[a-z-]*=.*/\1/p' | sort > presets
diff <(cut -d ' ' -f 1 said) presets
# images, reviews and molecules are not needed to count: what is drawn has the same size, as many words and features
while read -r preset n; do
    task=()
    case $preset in omni-mnist*) task=(--task synth-digits --size 100) ;;
    omni-imdb*) task=(--task synth-reviews --items 2000 --length 4) ;;
    omni-qm9*) task=(--task synth-mols) ;; esac
    grok-train --preset "$preset" "${task[@]}" --dry-run -o x.h5 > rows 2> err
    found=$(awk -F '\t' '!n++ { for (i = 1; $i != "parameters"; i++) { } next } { print $i }' rows)
    [ "$found" = "$n" ] || { echo "$preset: $found parameters, the page says $n"; cat err; exit 1; }
done < said
