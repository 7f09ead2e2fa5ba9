# shellcheck shell=bash
# omni.sh -- what the figures of OMNI share beyond figures.sh; sourced by pipelines/omni-*.sh.  ("Omnigrok: Grokking Beyond
# Algorithmic Data": train loss against weight norm is an L, test loss a U, and grokking is the way from one arm of the U to its
# bottom.)
#
#   SEEDS=0..4 (paper; quick: 0) of runs that train as usual, and MAP_SEEDS=0 of landscapes, where every cell is a run (figures 6a
#   and 6c at paper scale: 0 to 4)
#   DRAW=58: figures 6a to 6d with the representations and train pairs that the authors' code drew, in place of ours
#   SIZES=LIST in place of the scale's numbers of images of figures 3a to 3c and 11, of reviews of 4a to 4c, molecules of 5a to 5c
#   GROK_DATA=FOLDER with the images of MNIST, the reviews of Maas et al. and QM9; without them synthetic digits, reviews and
#   molecules take their place, and verdicts say so
#
# What else may be set stands in figures.sh.
. "$(dirname "$0")/figures.sh"

# The paper's scale?  Everything else is said by the figures' own scripts, the paper's values first.
at_paper_scale() { [ "$SCALE" = paper ]; }
given=${SEEDS:-}
if at_paper_scale; then SEEDS=${SEEDS:-0..4}; else SEEDS=${SEEDS:-0}; fi
MAP_SEEDS=${MAP_SEEDS:-$given} maps_given=$MAP_SEEDS
MAP_SEEDS=${MAP_SEEDS:-0}
# paper_maps SEEDS: of the landscapes of this figure at paper scale, if nothing else was asked for
paper_maps() { [ -n "$maps_given" ] || ! at_paper_scale || MAP_SEEDS=$1; }

what=''    # what a caption says; said by the figure's script

# --- runs ------------------------------------------------------------------------------------------------------------------

# trained NAME OPTION...: usual training.  landscape NAME OPTION...: constrained, one seed a cell unless told otherwise.
# shellcheck disable=SC2046
trained() { checkpoint "$1" -- grok-train $(machine) "${@:2}"; }
# shellcheck disable=SC2046
landscape() {
    local SEEDS=$MAP_SEEDS keep=results
    checkpoint "$1" -- grok-landscape $(machine) "${@:2}"
}

# Students of a teacher, of figures 1, 2a and 2b: every norm held, and usual training from two norms with three decays.
# teacher_landscape NAME OPTION...; the options here are those of the authors' own form of holding a norm.
# shellcheck disable=SC2034
authors_form=(--constrain-norm omnigrok-q --project between)
teacher_landscape() {
    local MAP_SEEDS=$SEEDS alphas=0.1:10:x21 steps=10000 rate=3e-4
    at_paper_scale || { alphas=0.1:10:x11 steps=5000 rate=1e-3; }
    what="100 items of a teacher, $steps updates on spheres" parameters=("alphas=$(n_values $alphas)")
    landscape "$1" --preset omni-teacher --optimizer adam --weight-decay 0 --init-scale $alphas --learning-rate $rate \
        --steps $steps "${@:2}"
}
teacher_students() {
    steps=100000 rate=3e-4 much=1
    at_paper_scale || { steps=30000 rate=1e-3 much=0.5; }    # at this rate a decay of 1 is in the way of memorising
    trained teacher --preset omni-teacher --init-scale 2,0.5 --weight-decay 0,0.03,$much --learning-rate $rate --steps $steps
}

# The landscapes that several figures show.  Theirs is what stands in the paper's code.
digits_landscape() {    # digits_landscape LOSS
    digits
    local sizes=10,13,19,26,37,51,71,100,138,193,268,372,517,719,1000,1389,1930,2682,3727,5179,7196,10000,13894,19306,26826,37275
    local more=() alphas=0.1:10:x21
    [ "$1" != ce ] || alphas=0.1:100:x31
    if at_paper_scale; then
        sizes=$sizes,51794,60000
    else
        sizes=30,100,300,1000,3000 more=(--widths 64x64 --steps 4000 --eval-items 1000) alphas=0.1:10:x7
        [ "$1" != ce ] || alphas=0.1:100:x10
    fi
    # shellcheck disable=SC2034    # for the claims: what the scale's whole map has, run or not
    whole_map=("sizes=$(n_values "$sizes")" "alphas=$(n_values "$alphas")")
    sizes=${SIZES:-$sizes}
    landscape "$data-landscape-$1" --preset omni-mnist-landscape --task "$data" --loss "$1" --init-scale "$alphas" \
        --size "$sizes" "${more[@]}"
}
# toy NAME OPTION...: landscapes of toy addition, of the draw that is asked for.
theirs=(--latents code-58 --split "$here/omni-toy-58.split")
toy() {
    local draw=()
    case ${DRAW:-} in
    '') ;;
    58) draw=("${theirs[@]}") setting=-draw58 ;;
    *)  echo "$paper.sh: no draw '$DRAW': 58, or none for ours" >&2
        exit 2 ;;
    esac
    landscape "$1${DRAW:+-draw$DRAW}" --preset omni-toy "${draw[@]}" "${@:2}"
}
# 50000 molecules are seen whatever their number, half of which are train, in batches of 32; a process for each number.
molecules_landscape() {
    molecules
    local items=10,12,18,26,36,50,70,100,138,192,268,372,516,718,1000,1388,1930,2682,3726,5178,7196,10000 alphas=0.1:10:x21
    local seen=50000 n epoch
    at_paper_scale || items=30,100,1000,3000 alphas=0.1:10:x7 seen=20000
    # shellcheck disable=SC2034    # for the claims: what the scale's whole map has, run or not
    whole_map=("sizes=$(n_values "$items")" "alphas=$(n_values "$alphas")")
    for n in $(tr , ' ' <<< "${SIZES:-$items}"); do
        epoch=$(((n / 2 + 31) / 32))
        show "items=$n" -- landscape "$data-landscape-n$n" --preset omni-qm9-landscape --task "$data" --items "$n" \
            --init-scale "$alphas" --steps "$((seen * epoch / (n / 2)))" --log-every "$((epoch > 50 ? epoch : 50))"
    done
}
toy_landscape() {
    local grid=(--init-scale 0:9:21 --messiness 0:0.2:21)
    at_paper_scale || grid=(--init-scale 0:9:11 --messiness 0:0.2:11 --steps 5000 --lr-decay-steps 1667)
    # shellcheck disable=SC2034    # for the claims
    whole_map=("alphas=$(n_values "${grid[1]}")" "ms=$(n_values "${grid[3]}")")
    whole_map+=("cells=$(($(n_values "${grid[1]}") * $(n_values "${grid[3]}")))")
    toy toy-landscape "${grid[@]}"
}

# Five epochs of three quarters of the reviews, as in their code; a process for each number of reviews, whose words are its own.
reviews_landscape() {
    reviews
    local items=100,158,251,398,631,1000,1585,2512,3981,6310,10000,15848,25118,39810,50000 alphas=0.1:10:x11 more n epoch
    at_paper_scale || items=100,300,1000,3000 alphas=0.1:10:x5
    # shellcheck disable=SC2034    # for the claims: what the scale's whole map has, run or not
    whole_map=("sizes=$(n_values "$items")" "alphas=$(n_values "$alphas")")
    for n in $(tr , ' ' <<< "${SIZES:-$items}"); do
        epoch=$(((n * 3 / 4 + 49) / 50)) more=()
        at_paper_scale || more=(--length 48 --words 200 --d-model 16 --widths 32x32)
        if at_paper_scale; then more=(--steps "$((5 * epoch))" --log-every "$epoch"); else more+=(--steps 300 --log-every 20); fi
        show "items=$n" -- landscape "$data-landscape-n$n" --preset omni-imdb-landscape --task "$data" --items "$n" \
            --init-scale "$alphas" "${more[@]}"
    done
}

# toy_path MAP OUT [OPTION...]: the way down the landscape of 6a, with weight decay; first the decoder grows (its initial
# velocity).
gamma=0.01
toy_path() {
    grok-trajectory "$1" -y m --start 0.9,0.6 --velocity 4.5,0 --inertia 1 --gamma "$gamma" --also test_loss --steps 60000 \
        -o "$2" "${@:3}"
}

# --- what is shown ---------------------------------------------------------------------------------------------------------

about() { echo "$what${DRAW:+; numbers and train pairs as the authors drew them}"; }

# measures NAME [OPTION...] [TAG=VALUE...]: one row a run of all that is shown -> $out.NAME.tsv
measures() { tabulate "$out.$1.tsv" grok-detect "${@:2}"; }

# lowest COLUMN,...: the best that every run has been, which is the authors' reading -> $out.best.tsv
lowest() {
    tabulate "$out.lowest.tsv" grok-log --landscape --select best
    grok-rows --select "$1" -o "$out.best.tsv" "$out.lowest.tsv"
    rm "$out.lowest.tsv"
}

# times LEVEL,...: a row a run and curve -> $out.times.tsv: when test accuracy gets to these levels (of=test), and train
# (of=train)
times() {
    measures test --level "$1" of=test
    measures train --level "$1" --test train_acc of=train
    grok-rows -o "$out.times.tsv" "$out.test.tsv" "$out.train.tsv"
    rm "$out.test.tsv" "$out.train.tsv"
}

# cells: one row a cell of the landscapes that are shown -> $out.tsv
cells() { tabulate "$out.tsv" grok-log --landscape; }

# slope X Y TABLE EXPRESSION: "slope -1.02 (-1.10 to -0.95)", of the logarithms; with a 95 % interval if there are several seeds
slope() {
    grok-stat slope "$1" "$2" --where "$4" -i "$3" | grok-rows --select slope,low,high,seeds - | tail -n +2 |
        awk -F '\t' '{ printf "slope %.2f", $1; if ($4 > 1) printf " (%.2f to %.2f)", $2, $3 }'
}
