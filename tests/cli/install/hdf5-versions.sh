# Files that HDF5 1.10, 1.14 and 2.2 wrote (of one run and one dataset, on Debian 12, 13 and unstable) are read by the HDF5 that
# is here, and say the same; its h5dump reads them, and what is written here
command -v h5dump > /dev/null || { echo 'skip: no h5dump'; exit 0; }
# values FILE: every number that h5dump finds in datasets
values() { h5dump -g / "$1" | sed -n '/DATASET/,$p' | grep -E '^ *\([0-9, ]+\): ' ; }

data=$TOP/tests/data
for version in 1.10.8 1.14.5 2.2.0; do
    run=$data/run-hdf5-$version.h5 items=$data/data-hdf5-$version.h5
    grok-check "$run" "$items"
    h5dump "$run" > /dev/null
    grok-log "$run" | cut -f 1-2 > log.tsv    # compilers round the reals differently
    grok-data show "$items" > items.txt
    grok-data --data "$items" show > as-data.txt
    values "$items" > numbers
    [ "$(wc -l < log.tsv)" -gt 4 ]
    [ "$(wc -l < numbers)" -gt 4 ]
    for seen in log.tsv items.txt as-data.txt numbers; do
        [ "$version" != 1.10.8 ] || cp "$seen" "first.$seen"
        cmp "$seen" "first.$seen"
    done
done
grok-train --task add --prime 5 --fraction 0.6 --d-model 4 --n-head 1 --d-mlp 4 --steps 2 -q -o here.h5
grok-check here.h5
h5dump here.h5 | grep -q 'GROUP "model"'
