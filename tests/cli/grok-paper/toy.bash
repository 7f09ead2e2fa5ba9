# toy.bash -- a paper of two tiny figures, in ./pipelines, for tests of grok-paper; sourced.  Its runs take a fraction of a second.
mkdir pipelines
for file in "$TOP"/pipelines/{figures,train,choose,from}.sh "$TOP"/pipelines/*.awk; do ln -s "$file" pipelines; done
export GROK_PIPELINES=$PWD/pipelines

cat > pipelines/toy.sh << 'END'
. "$(dirname "$0")/figures.sh"
SEEDS=${SEEDS:-0 1}
common="--task add --sequence op-mod --vocab-prime 11 --d-model 8 --n-head 2 --d-mlp 16 --steps ${STEPS:-60} $(machine)"
runs() { checkpoint "$1" -- grok-train $common "${@:2}"; }
teacher() { runs teacher-$1 --prime 11 --fraction 0.5 --weight-decay $1; }
alone() { runs alone-$1-$2 --prime 7 --fraction $2 --weight-decay $1; }
taught() {
    teacher 1
    by=choose.sh checkpoint chosen "$dir/teacher-1$suffix-s@.h5" -- "$dir/teacher-1$suffix-s@.h5" @ grok-train $common --prime 11 --fraction 0.5 \
        --weight-decay 1
    checkpoint "taught-$1-$2" "$dir/chosen$suffix-s@.h5" -- grok-distill --teacher "$dir/chosen$suffix-s@.h5" $common --prime 7 \
        --fraction $2 --weight-decay $1
}
about() { echo 'a toy'; }
END
cat > pipelines/toy-fig1.sh << 'END'
#!/bin/bash
. "$(dirname "$0")/toy.sh"
for fraction in 0.4 0.6; do
    for decay in 0 1; do show panel=a curve=alone-$decay-$fraction method=alone decay=$decay share=$fraction -- alone $decay $fraction; done
done
ready
curves train_acc,test_acc
draw 'Toy 1' -y test_acc
tabulate "$out.runs.tsv" grok-detect
judge "$out.runs.tsv"
END
cat > pipelines/toy-fig2.sh << 'END'
#!/bin/bash
. "$(dirname "$0")/toy.sh"
for fraction in 0.4 0.6; do
    show panel=a curve=taught-$fraction method=taught share=$fraction -- taught 1 $fraction
    show panel=a curve=alone-$fraction method=alone -- alone 1 $fraction
done
ready
curves train_acc,test_acc
draw 'Toy 2' -y test_acc
tabulate "$out.runs.tsv" grok-detect
judge "$out.runs.tsv"
END
chmod +x pipelines/toy-fig?.sh
cat > pipelines/toy.claims << 'END'
id: toy-fig1.a
says: they memorise
predicate: median(train_acc_end | method=alone) > 0.5

id: toy-fig2.a
says: the taught are no worse
predicate: median(test_acc_end | method=taught) >= median(test_acc_end | method=alone)
END

# show_here FOLDER ARCHIVE|'' FIGURE...: draw and judge, in FOLDER; without an archive what is missing is trained there
show_here() {
    local archive=$2 build=$1
    mkdir -p "$build/toy"
    ln -sfn "$BUILD/bin" "$build/bin"
    if [ -z "$archive" ]; then
        for figure in "${@:3}"; do BUILD=$build THREADS=1 DEVICE=cpu "pipelines/$figure.sh"; done
    else
        rm -rf "$build/from"
        mkdir "$build/from"
        tar -xf "$archive" -C "$build/from"
        BUILD=$build pipelines/from.sh "$build/from" "${@:3}"
    fi
}
claims() { grok-rows --select id,measured,seeds,verdict "$1/toy/quick/"*.claims.tsv; }
toy() { grok-paper --threads 1 --device cpu -q "$@"; }
