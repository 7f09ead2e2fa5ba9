#!/bin/bash
# bundle.sh -- copy what BUILD holds, and the shared libraries that it needs, to BUNDLE/bin and BUNDLE/lib (BUILD/bundle), so that
# it runs from any folder of a machine that has neither HDF5 nor a BLAS.  Called by the Makefile.
#
#   BUNDLE_BLAS     ref: the reference BLAS in place of the one linked, 36 MB smaller, and slow: for work that a GPU does;
#                   or the file of any other library with the cblas_* functions
#   BUNDLE_CUDA     system: leave the libraries of CUDA to the machine
#   BUNDLE_TESTS    1: the tests and benchmarks of the CUDA plug-in, too
# Left to the machine are glibc, which must be as new there as here, and the driver of the GPU.
set -eu
shopt -s nullglob
fail() { echo "bundle.sh: $*" >&2; exit 1; }

# bundle.sh --reference: the reference BLAS of this machine.  A libblas.so.3 elsewhere may be OpenBLAS under that name.
reference() {
    for blas in /usr/lib/*/blas/libblas.so.3 /usr/lib64/libcblas.so.3 /usr/lib/libcblas.so.3; do
        ! nm -D "$blas" 2> /dev/null | grep ' T cblas_sgemm$' > /dev/null || { echo "$blas"; return; }
    done
    fail "no reference BLAS is here (Debian's package is libblas3); BUNDLE_BLAS=FILE takes any library with cblas_sgemm"
}
[ "${1:-}" != --reference ] || { reference; exit; }

bundle=${BUNDLE:-$BUILD/bundle} blas=${BUNDLE_BLAS:-}
# foreign NAME: is it left to the machine?
foreign() {
    case $1 in
    ld-linux*|libc.so.*|libm.so.*|libmvec.so.*|libdl.so.*|libpthread.so.*|librt.so.*|libresolv.so.*|libutil.so.*) ;;
    libcuda.so.*|libnvidia-*) ;;
    libcudart.so.*|libcublas.so.*|libcublasLt.so.*|libnvrtc*|libnvJitLink.so.*) [ "${BUNDLE_CUDA:-}" = system ] ;;
    *) return 1 ;;
    esac
}

# loaded FILE...: "NAME PATH" of all that they load; the path is "missing" where there is none
loaded() {
    ldd "$@" | sed -n 's/ => not found$/ => missing (0x0)/; s/^[[:blank:]]*\([^ ]*\) => \(.*\) (0x[0-9a-f]*)$/\1 \2/p' | sort -u
}

rm -rf "$bundle"
mkdir -p "$bundle/bin" "$bundle/lib"
cp "$BUILD"/bin/grok-* "$bundle/bin"
mkdir -p "$bundle/share/groktools"
cp -R pipelines "$bundle/share/groktools"    # what grok-paper trains
for plugin in "$BUILD"/lib/libgrok-*.so; do cp "$plugin" "$bundle/lib"; done
if [ "${BUNDLE_TESTS:-}" = 1 ]; then
    for program in "$BUILD"/device/test_* "$BUILD"/bench/*cuda*; do cp "$program" "$bundle/bin"; done
    cp tests/check-cuda.sh "$bundle/bin"
fi
programs=() plugins=("$bundle"/lib/*)
for file in "$bundle"/bin/*; do
    ! readelf -h "$file" > /dev/null 2>&1 || programs+=("$file")    # scripts need nothing
done

# The BLAS, by the name that programs load it by when they need it (mk/deps.sh).  Another one has the same functions.
opened=()
name=$(sed -n 's/.* -DGK_BLAS_FILE=\([^ ]*\).*/\1/p' "$BUILD/flags")
[ "$blas" != ref ] || blas=$(reference)
[ -n "$name" ] || [ -z "$blas" ] || fail 'the BLAS is linked in, so that another needs another build (make BLAS=...)'
# found NAME: the file that the loader takes for it
found() {
    cp "$BUILD/bin/grok-train" "$bundle/asks"
    patchelf --add-needed "$1" "$bundle/asks"
    loaded "$bundle/asks" | while read -r loaded path; do [ "$loaded" != "$1" ] || echo "$path"; done
    rm "$bundle/asks"
}
if [ -n "$name" ]; then
    blas=${blas:-$(found "$name")}
    nm -D "$blas" 2> /dev/null | grep -q ' T cblas_sgemm$' || fail "'$blas' is no library with cblas_sgemm"
    file=${blas##*/}
    cp -L "$blas" "$bundle/lib"
    [ "$file" = "$name" ] || ln -s "$file" "$bundle/lib/$name"
    plugins+=("$bundle/lib/$file")
    opened+=("$bundle/lib/$file")
fi

# Libraries.  Nobody's search path is changed before all are found: the plug-in's own may lead to CUDA.
while read -r name path; do
    if [ -e "$bundle/lib/$name" ] || foreign "$name"; then continue; fi
    [ "$path" != missing ] || fail "'$name' is needed, and not found"
    cp -L "$path" "$bundle/lib/$name"
done < <(LD_LIBRARY_PATH=$bundle/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} loaded "${programs[@]}" "${plugins[@]}")
chmod -R u+w "$bundle"

# The old kind of search path (RPATH), because that of a program also serves what its libraries load.  Only libraries that have
# one of their own need another.
for program in "${programs[@]}"; do
    # shellcheck disable=SC2016  # the loader replaces $ORIGIN
    patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$program"
done
for library in "$bundle"/lib/*; do
    # shellcheck disable=SC2016
    case " ${plugins[*]} " in
    *" $library "*) ;;
    *) case $(patchelf --print-rpath "$library") in ''|'$ORIGIN') continue ;; esac ;;
    esac
    # shellcheck disable=SC2016
    patchelf --force-rpath --set-rpath '$ORIGIN' "$library"
done

# What was made is what was meant: all but the machine's own comes from the bundle, and every function is there.
# What CUDA's own libraries load when they are the machine's is not ours to say.
here=$(cd "$bundle/lib" && pwd -P)
checked=("$bundle"/bin/grok-* "${opened[@]}")
[ "${BUNDLE_CUDA:-}" = system ] || checked=("${programs[@]}" "${plugins[@]}")
while read -r name path; do
    foreign "$name" || [ "$(realpath "$path")" = "$here/$name" ] || fail "'$name' is still taken from '$path'"
done < <(env -u LD_LIBRARY_PATH bash -c "$(declare -f loaded); loaded \"\$@\"" - "${checked[@]}")
absent=$(env -u LD_LIBRARY_PATH ldd -r "$bundle"/bin/grok-* "${opened[@]}" 2>&1 | sed -n 's/^undefined symbol: //p' | sort -u)
[ -z "$absent" ] || fail "no library of the bundle has $absent"
echo "bundle.sh: '$bundle', $(du -sh "$bundle" | cut -f1), for CPUs of$(grep -o ' -march=[^ ]*' "$BUILD/flags")" >&2
