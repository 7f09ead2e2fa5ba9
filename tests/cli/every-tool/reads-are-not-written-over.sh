# no tool writes over a file that it reads, by whatever name: status 1, one line, the file as it was, nothing beside it
# timeout: 240
. "$TOP/tests/cli/expect.bash"
. "$TOP/tests/robust/writers.bash"
every_writer
make_inputs
mkdir by
for key in "${!writer[@]}"; do
    for file in ${reads[$key]}; do
        for name in "$file" "$PWD/$file" "by/../$file"; do
            # shellcheck disable=SC2086
            fails 1 "which is read" ${writer[$key]} -o "$name"
        done
        # shellcheck disable=SC2086
        case $key in grok-train*|grok-distill|grok-finetune|grok-landscape|grok-data|grok-merge|grok-pick)
            fails 1 "which is read" ${writer[$key]} --force -o "$file" ;;
        esac
        ln -s "../$file" "by/soft-$file" 2> /dev/null || true
        ln "$file" "by/hard-$file" 2> /dev/null || true
        # shellcheck disable=SC2086
        fails 1 "which is read" ${writer[$key]} -o "by/soft-$file"
        # shellcheck disable=SC2086
        fails 1 "which is read" ${writer[$key]} -o "by/hard-$file"
    done
done

# standard input and output, too
cp base.h5 x.h5
from() { local file=$1; shift; "$@" < "$file"; }
onto() { local file=$1; shift; "$@" >> "$file"; }
fails 1 'which is read' from x.h5 grok-log - -o x.h5
fails 1 'a file that is read' onto x.h5 grok-log x.h5
cmp base.h5 x.h5
