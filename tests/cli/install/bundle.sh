# What `make bundle` makes runs from any folder with an empty environment, and takes nothing but glibc from outside
. "$TOP/tests/cli/expect.bash"
command -v patchelf > /dev/null || { echo 'skip: no patchelf'; exit 0; }

glibc='^[[:blank:]](libc|libm|libmvec|libdl|libpthread|librt|libresolv|libutil)\.so[^ ]* => /'

# moved FOLDER: what is in it, put elsewhere, trains and shows
moved() {
    local root="$PWD/another place/$1" program
    mkdir -p "another place"
    mv "$1" "$root"
    for program in "$root"/bin/*; do
        [ "$(head -c 2 "$program")" != '#!' ] || continue
        env -i LD_TRACE_LOADED_OBJECTS=1 "$program" > loaded
        grep -F ' => ' loaded | grep -vF " => $root/bin/../lib/" > outside || true
        grep -vE "$glibc" outside > foreign || true
        [ ! -s foreign ] || { cat foreign; exit 1; }
    done
    env -i LD_DEBUG=files LD_DEBUG_OUTPUT="$PWD/debug" \
        "$root/bin/grok-train" --task add --prime 11 --d-model 16 --d-mlp 32 --n-head 2 --steps 3 -o run.h5 -q --force
    grep -h 'calling init: .*blas' debug.* | grep -v /libcublas > loaded    # when it is needed; CUDA's is the system's
    not grep -vF ": $root/bin/../lib/" loaded
    rm debug.*
    env -i "$root/bin/grok-log" run.h5 > log.tsv
    [ "$(wc -l < log.tsv)" -gt 2 ]
    env -i PATH=/usr/bin:/bin "$root/bin/grok-paper" kd-fig2a --dry-run --rate 1000 -q > costs.tsv
    grep -q "^kd-fig2a.4.8000" costs.tsv
}

here=$PWD
cd "$TOP"
export BUNDLE_CUDA=system    # the libraries of CUDA, if there is a plug-in, are 600 MB
BUNDLE=$here/own mk/bundle.sh
BUNDLE=$here/reference BUNDLE_BLAS=ref mk/bundle.sh
if BUNDLE=$here/none BUNDLE_BLAS=/nowhere/libblas.so mk/bundle.sh 2> "$here/err"; then exit 1; fi
cd "$here"
grep -q "'/nowhere/libblas.so' is no library with cblas_sgemm" err
[ -e reference/lib/libblas.so.3 ]
[ -z "$(find reference -type f -name '*openblas*' -o -name 'libgfortran*')" ]
moved own
moved reference
