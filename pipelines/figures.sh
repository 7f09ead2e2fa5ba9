# shellcheck shell=bash
# figures.sh -- what the scripts of all figures share; sourced by PAPER.sh (kd.sh, omni.sh), which pipelines/PAPER-*.sh source.
#
#   SCALE=quick (default): small models, minutes;  paper: the paper's sizes, hours on a CPU
#   SEEDS='0 1': each word is one process and one checkpoint; a word may be a range (0..4: five replicas in one)
#   DEVICE=auto   THREADS=N (per process)   PRECISION=fp32|tf32|...   BUILD=build
#   VARIANT=lr+30, lr-30: every learning rate 30 % higher, lower; size+1, size-1: every width doubled, halved; seeds+N: the next
#   seeds, from N on; loss: the same runs judged by the likelihood of the right answer in place of accuracy.  The verdicts
#   stand in the ledger beside those of the scale's own settings
#   PARTIAL=1: train nothing, show the runs that are there;  FROM=FOLDER: the same, of those that grok-paper brought there
#   RULES=make, RULES=runs: print what would be run, as rules of make or as a table, instead of running
#
# Every run is a checkpoint $store/NAME.h5.  A script says which runs it shows, in the paper's words (teacher, alone, taught,
# ...); what is missing is trained.  With RULES=make the same script prints rules of make, so that `make -j2 kd-fig4b` trains side
# by side, and with RULES=runs a line for every run, from which grok-paper makes as few and large grids as it can.
#
# PAPER.sh sets SEEDS, parameters=(NAME=VALUE...) of its claims, about(): what a caption says besides scale and seeds, and
# stand_in=1 if the data only stand in for the paper's.
set -eu
BUILD=${BUILD:-build} SCALE=${SCALE:-quick} DEVICE=${DEVICE:-auto} RULES=${RULES:-} PARTIAL=${PARTIAL:-}
here=$(dirname "${BASH_SOURCE[0]}")    # as it was called: make's rules have no absolute paths, which may have blanks
[ -n "$RULES" ] || PATH=$(cd "$BUILD/bin" && pwd):$PATH
FROM=${FROM:-} PRECISION=${PRECISION:-} VARIANT=${VARIANT:-}
figure=$(basename "$0" .sh)
paper=${figure%%-*}
dir=$BUILD/$paper/$SCALE
store=${FROM:-$BUILD}/$paper/$SCALE
[ -z "$FROM" ] || PARTIAL=1
case $SCALE in
paper | quick) ;;
*)  echo "$paper.sh: no scale '$SCALE': quick or paper" >&2
    exit 2 ;;
esac
vary=() later=0    # what train.sh changes in every command; what is added to seeds
case $VARIANT in
'' | loss) ;;
lr+30) vary=(--scale learning-rate=1.3) ;;
lr-30) vary=(--scale learning-rate=0.7) ;;
size+1) vary=(--scale width=2) ;;
size-1) vary=(--scale width=0.5) ;;
seeds+[1-9]*) later=${VARIANT#seeds+} ;;
*)  echo "$paper.sh: no variant '$VARIANT': lr+30, lr-30, size+1, size-1, seeds+N or loss" >&2
    exit 2 ;;
esac
[ ${#vary[@]} = 0 ] || [ "$RULES" != runs ] || { echo "$paper.sh: VARIANT=$VARIANT is not for grok-paper" >&2; exit 2; }
# Of the names of checkpoints, and of a figure: what differs from the scale's own settings.
suffix=${PRECISION:+-$PRECISION} setting=''
[ ${#vary[@]} = 0 ] || suffix=$suffix-$VARIANT
by_likelihood='' parameters=() files=() needs=() operands=() searches=() absent=() stand_in='' all_or_none=''
several='median and range'    # how several seeds are shown
keep=curves    # what a figure needs of its runs, as of grok-pick; params: with snapshots, if there are any

# Options of every process that trains; grok-paper has its own device.
machine() {
    [ -z "$PRECISION" ] || echo "--precision $PRECISION"
    [ "$RULES" != runs ] || return 0
    if [ -z "${THREADS:-}" ]; then
        case $SEEDS in *' '*) THREADS=1 ;; *) THREADS=0 ;; esac    # several processes share the cores
    fi
    echo "--device $DEVICE --threads $THREADS"
}

# n_values LIST: how many values a list of grok-train's has: "1,2,4" 3, "0.1:10:x21" 21
n_values() {
    local word n=0
    for word in ${1//,/ }; do
        case $word in
        *:*:*) word=${word##*:}; n=$((n + ${word#x})) ;;
        *) n=$((n + 1)) ;;
        esac
    done
    echo "$n"
}
# listed LIST: "1 2 4" of "1,2,4"
listed() { echo "${1//,/ }"; }

# real NAME STAND_IN PATTERN...: data=NAME if a file of such a name is where grok-data looks for it, or runs on it came from
# elsewhere; else its stand-in.
# shellcheck disable=SC2034  # data: for the figure's script
real() {
    local file pattern places=()
    data=$2 stand_in=1
    # shellcheck disable=SC2206  # the patterns are to become names
    for pattern in "${@:3}"; do
        [ -n "${GROK_DATA:-}" ] || places+=("${XDG_DATA_HOME:-${HOME:-.}/.local/share}/groktools/$1"/$pattern)
        [ -z "${GROK_DATA:-}" ] || places+=("$GROK_DATA/$1"/$pattern "$GROK_DATA"/$pattern)
    done
    [ -z "$FROM" ] || places=("$store/$1"-*)
    for file in "${places[@]}"; do
        [ ! -e "$file" ] || data=$1 stand_in=''
    done
}
digits() { real mnist synth-digits 'train-images*'; }
molecules() { real qm9 synth-mols 'qm9.csv*'; }
reviews() { real imdb synth-reviews 'aclImdb_v1.tar.gz' 'imdb_reviews.tsv*' 'IMDB?Dataset.csv*'; }

# --- runs ------------------------------------------------------------------------------------------------------------------

# next_seeds WORD: with VARIANT=seeds+N, "N" for "0", "N..N+4" for "0..4"
next_seeds() {
    if [[ $1 == *..* ]]; then echo "$((${1%..*} + later))..$((${1#*..} + later))"; else echo "$(($1 + later))"; fi
}

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
        [ "$later" = 0 ] || word=$(next_seeds "$word")
        out=$store/$name-s$word.h5
        if [ -n "$PARTIAL" ] && [ ! -e "$out" ]; then
            absent+=("$name-s$word")
            continue
        fi
        files+=("$out")
        local command=("${vary[@]}" "${@//@/$word}") before=("${prerequisites[@]//@/$word}")
        [ -n "${by:-}" ] || command+=(--seed "$word")
        if [ "$RULES" = runs ]; then
            local row=("$figure" "$out" "${before[*]:--}" "$keep" "${by:-train.sh}" "${command[@]}")
            (IFS=$'\t'; echo "${row[*]}")
        elif [ -z "$RULES" ]; then
            [ -n "$PARTIAL" ] || [ -e "$out" ] || "${make[@]}" "$out" "${command[@]}"
        elif [ ! -e "$BUILD/$paper/rules/$name-s$word" ]; then    # once, whoever asks for it
            : > "$BUILD/$paper/rules/$name-s$word"
            printf '%s: %s | all\n\t@%s $@ %s\n' "$out" "${before[*]}" "${make[*]}" "${command[*]@Q}"
        fi
    done
}

# search NAME [NEEDED...] -- OPTION... -- COMMAND...: the outcomes $store/NAME.tsv of a search by grok-critical, for every word of
# SEEDS; @ as above.  What comes next in a search depends on what came, so grok-paper's grids do not have it: it is made here.
search() {
    local name=$1-critical$suffix word out prerequisites=()
    shift
    while [ "$1" != -- ]; do prerequisites+=("$1"); shift; done
    shift
    files=()
    if [ "$RULES" = runs ] || [ ${#vary[@]} != 0 ]; then return; fi    # nor does a variant scale what it trains
    for word in $SEEDS; do
        [ "$later" = 0 ] || word=$(next_seeds "$word")
        out=$store/$name-s$word.tsv
        if [ -n "$PARTIAL" ] && [ ! -e "$out" ]; then
            echo "$figure: not there, and left out: $name-s$word" >&2
            continue
        fi
        files+=("$out")
        local command=(--seed "$word" "${@//@/$word}")
        if [ -z "$RULES" ]; then
            [ -n "$PARTIAL" ] || [ -e "$out" ] || "$here/critical.sh" "$out" "${command[@]}"
        elif [ ! -e "$BUILD/$paper/rules/$name-s$word" ]; then
            : > "$BUILD/$paper/rules/$name-s$word"
            printf '%s: %s | all\n\t@%s $@ %s\n' "$out" "${prerequisites[*]//@/$word}" "$here/critical.sh" "${command[*]@Q}"
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

# weigh TAG=VALUE... -- SEARCH...: the outcomes of this search, with these tags, are for the claims
weigh() {
    local tags=()
    while [ "$1" != -- ]; do tags+=("$1"); shift; done
    shift
    "$@"
    needs+=("${files[@]}")
    [ ${#files[@]} = 0 ] || searches+=("${tags[@]}" "${files[@]}")
}

# What comes now shows what is there.  In the list of rules: this figure's, and no more of this script.
ready() {
    variant=$setting${VARIANT:+-$VARIANT}${PRECISION:+-$PRECISION}
    [ "$RULES" != runs ] || exit 0
    if [ -n "$RULES" ]; then
        local target=$dir/$figure$variant.claims.tsv list=$dir/$figure$variant.runs.txt
        mkdir -p "$dir"
        # other seeds: another figure
        { [ -e "$list" ] && [ "$(cat "$list")" = "${needs[*]}" ]; } || echo "${needs[*]}" > "$list"
        printf '%s: %s %s | all\n\t@%s\n' "$target" "${needs[*]}" \
            "$list $here/$figure.sh $here/$paper.sh $here/figures.sh $here/$paper.claims" "$here/$figure.sh"
        printf '%s: %s\n.PHONY: %s\n' "$figure" "$target" "$figure"
        exit 0
    fi
    mkdir -p "$dir"
    out=$dir/$figure$variant
    [ ${#absent[@]} = 0 ] ||
        echo "$figure$variant: not there, and left out: $(printf '%s\n' "${absent[@]}" | sort -u | xargs)" >&2
    [ ${#absent[@]} = 0 ] || { [ ${#needs[@]} != 0 ] && [ -z "$all_or_none" ]; } || exit 0
}
# The same for a figure that is nothing without all of its runs.
ready_if_whole() { all_or_none=1; ready; }

# n_seed: the fewest and the most seeds of one curve that is shown now, "3 to 5"; words of the files' names tell
n_seed() {
    printf '%s\n' "${operands[@]}" | awk '
        !/\.h5$/ { next }
        { at = match($0, /-s[0-9.]*\.h5$/); word = substr($0, at + 2, length($0) - at - 4); split(word, end, /\.\./)
          n[substr($0, 1, at)] += word ~ /\.\./ ? end[2] - end[1] + 1 : 1 }
        END { for (name in n) { if (!least || n[name] < least) least = n[name]; if (n[name] > most) most = n[name] }
              print (least == most ? "" : least " to ") most + 0 }'
}

# tabulate TABLE COMMAND...: the table that a tool makes of all that is shown; none if nothing of it is there
tabulate() {
    if [ "$VARIANT,$2" = loss,grok-detect ]; then
        by_likelihood=1
        set -- "$1" "$2" --likelihood "${@:3}"
    fi
    case " ${operands[*]}" in
    *.h5*) "${@:2}" -o "$1" "${operands[@]}" ;;
    *) rm -f "$1" ;;
    esac
}

# rewritten TABLE WORD...: this table, if it is there, with these tags and options of grok-rows
rewritten() {
    [ -e "$1" ] || return 0
    mv "$1" "$1.part"
    grok-rows -o "$1" "${@:2}" "$1.part"
    rm "$1.part"
}

# derived TABLE WORD COMMAND...: the table that a tool makes, with this tag (or option of grok-rows), and with the lines of origin
# that tables in files have, and those in pipes do not
derived() {
    "${@:3}" -o "$1"
    rewritten "$1" "$2"
}

# outcomes: of all searches -> $out.outcomes.tsv; none if none is there
outcomes() {
    rm -f "$out.outcomes.tsv"
    [ ${#searches[@]} = 0 ] || grok-rows -o "$out.outcomes.tsv" "${searches[@]}"
}

# curves METRIC,...: the history of all that is shown -> $out.tsv
curves() { tabulate "$out.tsv" grok-log -m "$1"; }

# plot TABLE.tsv TITLE OPTION...: this table as TABLE.svg and TABLE.png
plot() {
    local table=$1 title=$2 format
    shift 2
    [ -e "$table" ] || return 0    # nothing of it is there
    for format in svg png; do
        grok-plot "$table" --title "$title" --caption "$(caption)" -o "${table%.tsv}.$format" "$@"
    done
    echo "figure ${table%.tsv}.svg" >&2
}

# draw TITLE OPTION...: the figure of the curves
draw() { plot "$out.tsv" "$1" --by curve --panel panel "${@:2}"; }
caption() {
    local n differs=${VARIANT:+, $VARIANT}${PRECISION:+, $PRECISION}
    n=$(n_seed)
    echo "$SCALE scale: $(about)$differs; $n seed$([ "$n" = 1 ] || echo "s, $several")"
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
    local tables=() table
    [ "$VARIANT" != loss ] || [ -n "$by_likelihood" ] || {
        echo "$figure: none of its claims is about times or accuracies of runs: VARIANT=loss changes nothing" >&2
        exit 0
    }
    for table; do
        [ -e "$table" ] || continue
        grep -q '^# .*, made by: ' "$table" || {
            echo "$figure: '$table' does not say where its rows come from (derived, in figures.sh)" >&2
            exit 1
        }
        tables+=("$table")
    done
    grok-claims --claims "$here/$paper.claims" --figure "$figure" --scale "$SCALE" --setting "${variant#-}" \
        ${stand_in:+--stand-in} "${parameters[@]/#/--set=}" -o "$out.claims.tsv" "${tables[@]}"
    grok-rows --select id,verdict,seeds,measured "$out.claims.tsv" | column -t -s "$(printf '\t')" >&2
}

# no_claims: an empty table of verdicts, which says to make that the figure is there.
no_claims() { printf 'id\tscale\tsetting\tsays\tpredicate\tmeasured\tseeds\tverdict\tnote\n' > "$out.claims.tsv"; }
