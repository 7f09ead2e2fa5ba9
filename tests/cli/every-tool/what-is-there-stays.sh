# a checkpoint or dataset replaces nothing without --force; a table replaces a table, a figure a figure, and nothing else
# timeout: 240
. "$TOP/tests/cli/expect.bash"
. "$TOP/tests/robust/writers.bash"
make_inputs
grok-plot cells.tsv -x y -y x -o picture.svg
cp half1.h5 store.h5
{ head -c 100 /dev/zero; tail -c 200 half1.h5; } > damaged.h5    # sealed, and no HDF5 any more
printf '#!/bin/sh\necho a few words\n' > script.sh
printf 'Dear reader,\nthis is no table.\n' > letter.txt
cp cells.tsv table.tsv
printf '{"x": 1}\n' > table.json
: > empty

# replaces FILE COMMAND...: it becomes something else
replaces() {
    local file=$1
    shift
    cp "$file" kept
    "$@" -o "$file" || return 1
    ! cmp -s "$file" kept || { echo "not replaced: $file"; return 1; }
    mv kept "$file"
}
for key in "${!writer[@]}"; do
    read -ra command <<< "${writer[$key]}"
    case $(suffix "$key") in
    .h5)
        for old in store.h5 damaged.h5 script.sh letter.txt table.tsv picture.svg; do
            fails 1 "will not replace '$old': give another name, or --force" "${command[@]}" -o "$old"
        done
        replaces store.h5 "${command[@]}" --force
        replaces letter.txt "${command[@]}" --force ;;
    .tsv)
        for old in store.h5 damaged.h5 script.sh letter.txt picture.svg; do
            fails 1 "will not replace '$old': it is not a table" "${command[@]}" -o "$old"
        done
        replaces table.tsv "${command[@]}"
        replaces table.json "${command[@]}" ;;
    .svg)
        for old in store.h5 damaged.h5 script.sh letter.txt table.tsv; do cp "$old" x.svg
            fails 1 "will not replace 'x.svg': it is not a picture" "${command[@]}" -o x.svg
        done
        replaces picture.svg "${command[@]}" ;;
    esac
    [ "$(suffix "$key")" = .svg ] || replaces empty "${command[@]}"
done

# a table is one however long its provenance is
{ for i in 1 2 3; do printf '# %4000s\n' "$i"; done; cat cells.tsv; } > long.tsv
replaces long.tsv grok-rows cells.tsv
{ for i in 1 2 3; do printf '# %4000s\n' "$i"; done; cat letter.txt; } > long-letter.txt
fails 1 'it is not a table' grok-rows cells.tsv -o long-letter.txt
