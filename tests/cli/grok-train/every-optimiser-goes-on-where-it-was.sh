# Of every optimiser: a run in two parts ends with the same parameters and state as one that was not interrupted.
. "$TOP/tests/cli/expect.bash"
small='--task add --prime 7 --d-model 8 --n-head 2 --d-mlp 8 --threads 1 -q --force'
optimisers=$(sed -n 's/^OPTIM([a-z_0-9]*, *"\([a-z0-9-]*\)".*/\1/p' "$TOP/libshared/graph/optim.def")
[ "$(wc -w <<< "$optimisers")" -ge 7 ]
for optimiser in $optimisers; do
    [ "$optimiser" != sgd ] || optimiser='sgd --momentum 0.9'
    # shellcheck disable=SC2086
    grok-train $small --optimizer $optimiser --steps 8 -o whole.h5
    # shellcheck disable=SC2086
    grok-train $small --optimizer $optimiser --steps 4 -o parts.h5
    grok-train --resume parts.h5 --steps 8 --threads 1 -q
    for file in whole parts; do
        grok-log "$file.h5" | grep -v '^#' > "$file"
        h5dump -g /params -g /optimizer "$file.h5" 2> /dev/null | tail -n +2 >> "$file" || :
    done
    cmp whole parts
    grep -q 'GROUP "/optimizer"' whole
done
