# writers.bash -- a command for every tool that writes files, for tests of what all of them must do.  Sourced after common.bash.
#
#   make_inputs        the files that the commands read, into the current folder
#   writer[KEY]        a command without its -o OUT; KEY is the tool, or tool:variant
#   reads[KEY]         the files that it reads
#   suffix KEY         of the file that it writes
#   keeps[KEY]         suffix, behind that, of what it leaves when it fails, for the same command to go on from
# A tool that has --output and no row here fails the tests that use this list.
# shellcheck disable=SC2034  # used by those who source this

small='--task add --prime 7 --fraction 0.5 --d-model 8 --n-head 1 --d-mlp 8 --threads 1 -q'

make_inputs() {
    # shellcheck disable=SC2086
    grok-train $small --steps 4 --log-every 2 --snapshot-every 2 --sequence op-mod -o base.h5 &&
        grok-train $small --steps 2 --shard 1/2 --seed 0..1 -o half1.h5 &&
        grok-train $small --steps 2 --shard 2/2 --seed 0..1 -o half2.h5 &&
        grok-data --task add --prime 7 -o data.h5 -q &&
        grok-export base.h5 -o base.npz &&
        printf 'x\ty\tz\n1\t1\t4\n1\t2\t3\n1\t3\t3\n2\t1\t2\n2\t2\t1\n2\t3\t2\n3\t1\t4\n3\t2\t3\n3\t3\t4\n' > cells.tsv &&
        printf 'id: f.c1\nsays: x\npredicate: all(x > 0)\n' > c.claims
}

declare -A writer=(
    [grok-train]="grok-train $small --steps 2"
    [grok-train:data]="grok-train --data data.h5 --d-model 8 --n-head 1 --d-mlp 8 --steps 2 --threads 1 -q"
    [grok-train:paged]="env GK_IMAGE_BYTES=1000 grok-train $small --steps 2"
    [grok-distill]="grok-distill --teacher base.h5 $small --steps 2"
    [grok-finetune]="grok-finetune --from base.h5 --prime 7 --mode replay --steps 2 --threads 1 -q"
    [grok-landscape]="grok-landscape $small --alpha 0.5,1 --steps 2"
    [grok-data]="grok-data --data data.h5 --size 3 -q"
    [grok-merge]="grok-merge half1.h5 half2.h5"
    [grok-pick]="grok-pick base.h5 seed=0"
    [grok-trim]="grok-trim base.h5 --drop optimizer --steps 2"
    [grok-import]="grok-import --weights base.npz $small --sequence op-mod"
    [grok-export]="grok-export --format npz base.h5"
    [grok-export:safetensors]="grok-export --format safetensors base.h5"
    [grok-eval]="grok-eval base.h5"
    [grok-eval:items]="grok-eval --print predictions base.h5"
    [grok-log]="grok-log base.h5"
    [grok-log:json]="grok-log --json base.h5"
    [grok-detect]="grok-detect base.h5"
    [grok-cluster]="grok-cluster base.h5 --at unembed -k 2 --per all"
    [grok-shift]="grok-shift base.h5 --at unembed --sample 4"
    [grok-norms]="grok-norms base.h5"
    [grok-mix]="grok-mix --steps 3 base.h5 base.h5"
    [grok-fourier]="grok-fourier base.h5"
    [grok-stat]="grok-stat -i cells.tsv median z --by x"
    [grok-trajectory]="grok-trajectory -x x -y y -z z --start 2,2 --steps 10 cells.tsv"
    [grok-foretell]="grok-foretell --outcome z>2 --from y --held-out x cells.tsv"
    [grok-claims]="grok-claims --claims c.claims cells.tsv"
    [grok-rows]="grok-rows --where x>1 cells.tsv"
    [grok-plot]="grok-plot base.h5 -y train_loss --format svg"
    [grok-plot:map]="grok-plot cells.tsv --heatmap z -x x -y y --format svg"
)
declare -A keeps=([grok-mix]=.part)
declare -A reads=(
    [grok-train]='' [grok-train:paged]='' [grok-train:data]=data.h5 [grok-distill]=base.h5 [grok-finetune]=base.h5 [grok-landscape]=''
    [grok-data]=data.h5 [grok-merge]='half1.h5 half2.h5' [grok-pick]=base.h5 [grok-trim]=base.h5 [grok-import]=base.npz
    [grok-eval]=base.h5 [grok-eval:items]=base.h5 [grok-export]=base.h5 [grok-export:safetensors]=base.h5 [grok-log]=base.h5
    [grok-log:json]=base.h5 [grok-detect]=base.h5 [grok-cluster]=base.h5 [grok-shift]=base.h5
    [grok-norms]=base.h5 [grok-mix]=base.h5 [grok-fourier]=base.h5 [grok-stat]=cells.tsv [grok-trajectory]=cells.tsv
    [grok-foretell]=cells.tsv [grok-claims]='cells.tsv c.claims' [grok-rows]=cells.tsv [grok-plot]=base.h5
    [grok-plot:map]=cells.tsv
)

suffix() {
    case $1 in
    grok-train*|grok-distill|grok-finetune|grok-landscape|grok-data|grok-merge|grok-pick|grok-trim|grok-import) echo .h5 ;;
    grok-export) echo .npz ;;
    grok-export:safetensors) echo .safetensors ;;
    grok-plot*) echo .svg ;;
    *) echo .tsv ;;
    esac
}

# every_writer: tools that have --output but no row above
every_writer() {
    local tool status=0
    for tool in "$BUILD"/bin/grok-*; do
        [ "$(head -c 2 "$tool")" != '#!' ] || continue    # a script writes through the others
        tool=${tool##*/}
        ! "$tool" --help | grep -q -- '--output' || [ -n "${writer[$tool]:-}" ] ||
            { echo "$tool has --output, but tests/robust/writers.bash does not know how to run it"; status=1; }
    done
    return $status
}
