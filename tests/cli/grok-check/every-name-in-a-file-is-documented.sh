# FORMAT.md names every attribute, table column and dataset of files with all that there is in them.  Options (/config, columns of
# /runs), metrics (test_metrics.c), parameters and slots (lint/format.sh) are named by tables that have tests of their own.
tiny=(--task add --prime 5 --d-model 4 --n-head 1 --d-mlp 4 --steps 2 --log-every 1)
grok-train "${tiny[@]}" --snapshot-every 1 --seed 0,1 --clip-norm 0.1 --constrain-norm layer --metrics all --batch 3,4 -q \
    -o train.h5
grok-train "${tiny[@]}" --subclasses label --thin '1' --thin-to 0.5 --by-subclass kinds -q -o parts.h5
grok-train "${tiny[@]}" -q -o one.h5
grok-finetune --from one.h5 --from-run 0 --task add --prime 5 --state kept --steps 1 -q -o state.h5
grok-landscape --task toy-addition --prime 5 --loss mse --steps 2 --alpha 1,2 --jacobian -q -o cells.h5
grok-data --task add --prime 5 -o data.h5
for file in train parts state cells data; do
    h5dump -H $file.h5
done | awk '
    function name() { sub(/^[^"]*"/, ""); sub(/".*/, ""); return $0 }
    /^ *(GROUP|DATASET|ATTRIBUTE) "/ {
        depth = match($0, /[^ ]/)
        if (depth <= within)
            within = 0
    }
    /^ *GROUP "/ {
        if (name() ~ /^(config|model|snapshots|optimizer|history)$/ && !within)
            within = depth
        if (!within && $0 !~ /^(\/|group[0-9]+)$/)
            print
        next
    }
    !within && (/^ *(ATTRIBUTE|DATASET) "/ || /H5T.*".*";$/) { print name() }' |
    sed 's/^parent[0-9]*$/parent0/; s/^norm_target\..*/norm_target./; s/_\(argmin\|best\)$/_end/' | sort -u > names
grok-train --help | grep -o -e '--[a-z0-9-]*' | sed 's/^--//; s/-/_/g' > options
cat "$TOP/libshared/io/FORMAT.md" "$TOP/libshared/data/FORMAT.md" |
    grep -o '`[^`]*`\|^## .*\|^ \+/\?[a-z_]*' | tr -d '`/# ' > documented
comm -23 names <(sort -u options documented) > unknown
cat unknown
[ -s names ]
[ ! -s unknown ]
