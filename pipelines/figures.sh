# shellcheck shell=bash
# figures.sh -- what the scripts of all figures share; sourced by PAPER.sh (kd.sh, omni.sh), which pipelines/PAPER-*.sh source.
#
#   SCALE=quick (default): small models, minutes;  paper: the paper's sizes, hours on a CPU
#   SEEDS='0 1': each word is one process and one checkpoint; a word may be a range (0..4: five replicas in one)
#   DEVICE=auto   THREADS=N (per process)   BUILD=build   RULES=1: print make's rules instead of running
#   PARTIAL=1: train nothing, show the runs that are there
#
# Every run is a checkpoint $dir/NAME.h5.  A script says which runs it shows, in the paper's words (teacher, alone, taught, ...);
# what is missing is trained.  With RULES=1 the same script prints rules of make, so that `make -j2 kd-fig4b` trains side by side.
#
# PAPER.sh sets SEEDS, parameters=(NAME=VALUE...) of its claims, about(): what a caption says besides scale and seeds, and
# stand_in=1 if the data only stand in for the paper's.
set -eu
BUILD=${BUILD:-build} SCALE=${SCALE:-quick} DEVICE=${DEVICE:-auto} RULES=${RULES:-} PARTIAL=${PARTIAL:-}
here=$(dirname "${BASH_SOURCE[0]}")    # as it was called: make's rules have no absolute paths, which may have blanks
[ -n "$RULES" ] || PATH=$(cd "$BUILD/bin" && pwd):$PATH
figure=$(basename "$0" .sh)
paper=${figure%%-*}
dir=$BUILD/$paper/$SCALE
case $SCALE in
paper | quick) ;;
*)  echo "$paper.sh: no scale '$SCALE': quick or paper" >&2
    exit 2 ;;
esac
suffix='' setting=''    # of the names of checkpoints, and of a figure: what differs from the scale's own settings
parameters=() files=() needs=() operands=() stand_in=''

# Options of every process that trains.
machine() {
    if [ -z "${THREADS:-}" ]; then
        case $SEEDS in *' '*) THREADS=1 ;; *) THREADS=0 ;; esac    # several processes share the cores
    fi
    echo "--device $DEVICE --threads $THREADS"
}

# --- runs ------------------------------------------------------------------------------------------------------------------

# checkpoint NAME [NEEDED...] -- COMMAND...: the runs NAME, for every word of SEEDS; @ in the arguments stands for the word.
# With `by` set, that script makes the file, and sees to seeds itself; else train.sh does.
checkpoint() {
    local name=$1$suffix word out prerequisites make=("$here/train.sh")
    shift
    [ -z "${by:-}" ] || make=("$here/$by")
    prerequisites=()
    while [ "$1" != -- ]; do prerequisites+=("$1"); shift; done
    shift
    files=()
    for word in $SEEDS; do
        out=$dir/$name-s$word.h5
        [ -z "$PARTIAL" ] || [ -e "$out" ] || continue
        files+=("$out")
        local command=("${@//@/$word}") before=("${prerequisites[@]//@/$word}")
        [ -n "${by:-}" ] || command+=(--seed "$word")
        if [ -z "$RULES" ]; then
            [ -e "$out" ] || "${make[@]}" "$out" "${command[@]}"
        elif [ ! -e "$BUILD/$paper/rules/$name-s$word" ]; then    # once, whoever asks for it
            : > "$BUILD/$paper/rules/$name-s$word"
            printf '%s: %s | all\n\t@%s $@ %s\n' "$out" "${before[*]}" "${make[*]}" "${command[*]@Q}"
        fi
    done
}

# --- what is shown ---------------------------------------------------------------------------------------------------------

# show TAG=VALUE... -- RUNS...: these runs, with these tags in the tables.
show() {
    local tags=()
    while [ "$1" != -- ]; do tags+=("$1"); shift; done
    shift
    "$@"
    operands+=("${tags[@]}")    # tags stay in force for what is shown next
    needs+=("${files[@]}")
    operands+=("${files[@]}")
}

# In the list of rules: this figure's, and no more of this script.
ready() {
    if [ -n "$RULES" ]; then
        local target=$dir/$figure$setting.claims.tsv list=$dir/$figure$setting.runs.txt
        mkdir -p "$dir"
        # other seeds: another figure
        { [ -e "$list" ] && [ "$(cat "$list")" = "${needs[*]}" ]; } || echo "${needs[*]}" > "$list"
        printf '%s: %s %s | all\n\t@%s\n' "$target" "${needs[*]}" \
            "$list $here/$figure.sh $here/$paper.sh $here/figures.sh $here/$paper.claims" "$here/$figure.sh"
        printf '%s: %s\n.PHONY: %s\n' "$figure" "$target" "$figure"
        exit 0
    fi
    mkdir -p "$dir"
    out=$dir/$figure$setting
}

n_seed() { local n=0 word; for word in $SEEDS; do
    case $word in *..*) n=$((n + ${word#*..} - ${word%..*} + 1)) ;; *) n=$((n + 1)) ;; esac; done; echo "$n"; }

# curves METRIC,...: the history of all that is shown -> $out.tsv
curves() { grok-log -m "$1" -o "$out.tsv" "${operands[@]}"; }

# plot TABLE.tsv TITLE OPTION...: this table as TABLE.svg and TABLE.png
plot() {
    local table=$1 title=$2 format
    shift 2
    for format in svg png; do
        grok-plot "$table" --title "$title" --caption "$(caption)" -o "${table%.tsv}.$format" "$@"
    done
    echo "figure ${table%.tsv}.svg" >&2
}

# draw TITLE OPTION...: the figure of the curves
draw() { plot "$out.tsv" "$1" --by curve --panel panel "${@:2}"; }
caption() {
    local n
    n=$(n_seed)
    echo "$SCALE scale: $(about); ${PARTIAL:+up to }$n seed$([ "$n" = 1 ] || echo s)$([ "$n" = 1 ] || echo ', median and range')"
}

# draw_also NAME TITLE OPTION...: another view of the same curves -> $out-NAME.svg, .png
draw_also() {
    local out_of_figure=$out
    out=$out-$1
    ln -sf "$(basename "$out_of_figure").tsv" "$out.tsv"
    shift
    draw "$@"
    out=$out_of_figure
}

# judge TABLE...: the claims of this figure -> $out.claims.tsv, shown on the terminal
judge() {
    grok-claims --claims "$here/$paper.claims" --figure "$figure" --scale "$SCALE" --setting "${setting#-}" \
        ${stand_in:+--stand-in} "${parameters[@]/#/--set=}" -o "$out.claims.tsv" "$@"
    grok-rows --select id,verdict,seeds,measured "$out.claims.tsv" | column -t -s "$(printf '\t')" >&2
}

# no_claims: an empty table of verdicts, which says to make that the figure is there.
no_claims() { printf 'id\tscale\tsetting\tsays\tpredicate\tmeasured\tseeds\tverdict\tnote\n' > "$out.claims.tsv"; }
