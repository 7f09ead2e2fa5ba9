#!/bin/bash
# libFuzzer on every reader, FUZZ_SECONDS (60) each, from the inputs of tests/fuzz/corpus and files made here: no crash, no hang,
# no leak, nothing that the sanitizers see, no more than 2 GB.  What is found is left in build/fuzz/found.
. "$(dirname "$0")/../robust/common.bash"
export GK_FUZZ=$BUILD/fuzz ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$TOP/tests/leaks.txt:print_suppressions=0
# shellcheck disable=SC2086  # MAKE is a command with arguments
check 'the fuzzers are built' ${MAKE:-make} -s -C "$TOP" CC=clang BUILD="$GK_FUZZ" SANITIZE=fuzzer-no-link,address,undefined \
    CFLAGS='-O1 -g' fuzzers

readers=()
for source in "$TOP"/tests/fuzz/*.c; do readers+=("$(basename "$source" .c)"); done
mkdir "${readers[@]}"
small=(--task add --prime 5 --fraction 0.5 --d-model 4 --n-head 1 --d-mlp 4 -q)
check 'a checkpoint' grok-train "${small[@]}" --seed 0..1 --steps 10 --snapshot-every 5 -o run.h5
check 'a landscape' grok-landscape "${small[@]}" --alpha '0.5,1' --steps 4 --wave 1 -o land.h5
check 'a dataset' grok-data --task add --prime 5 -o items.h5
check 'a joint dataset' grok-data --task add --prime 5 --sequence op-mod --join add:3 -o joint.h5
for name in run land; do head -c -128 $name.h5 > checkpoint/$name; done    # without their seals
check 'graphs' grok-data --task synth-mols --items 4 -o graphs.h5
check 'a dataset with subclasses' grok-data --task add --prime 5 --subclasses row -o rows.h5
for name in items joint rows graphs; do head -c -128 $name.h5 > dataset/$name; done
grok-log run.h5 > tsv/history
grok-log --json run.h5 > tsv/json
cp "$TOP"/pipelines/demo.claims claims
printf '\1\0\0\10\1\0\0\0\3abc' > idx/labels
printf '\1\0\0\10\3\0\0\0\1\0\0\0\2\0\0\0\2abcd' | tee idx/images | tail -c +2 | gzip > packed
{ printf '\1'; cat packed; } > idx/packed
mkdir -p aclImdb/train/{neg,pos}
echo 'dull <br />' > aclImdb/train/neg/0_2.txt
echo 'fine 10/10' > aclImdb/train/pos/0_9.txt
{ printf '\1'; tar --format=ustar -cf - aclImdb; } > reviews/archive

mkdir -p "$GK_FUZZ/found"
for reader in "${readers[@]}"; do
    check "$reader" "$GK_FUZZ/fuzzers/$reader" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
        -max_len=100000 -verbosity=0 -artifact_prefix="$GK_FUZZ/found/$reader-" "$reader" "$TOP/tests/fuzz/corpus/$reader"
done
finish
