#!/bin/sh
# deps.sh probe|install SET... -- see that what the sets need is here: build, man, demo (drawing), bundle, check (tests).
#
# probe: if something is missing, say what, and how to get it, and fail.  install: get it with apt-get, where there is one
# and root or sudo is at hand; else as probe.
set -u
mode=$1
shift
missing='' packages=''

# need NAME PACKAGE COMMAND...: NAME is there if COMMAND succeeds; PACKAGE is its name in Debian
need() {
    name=$1 package=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    missing="$missing${missing:+, }$name" packages="$packages $package"
}
has() { command -v "$1"; }
module() { pkg-config --exists "$1"; }
header() { echo "#include <$2>" | "$1" -fopenmp -E - ; }
hdf5() { module hdf5-serial || module hdf5; }
blas=${BLAS:-openblas}

probe() {
    missing='' packages=''
    for set; do
        case $set in
        build)
            need 'a C compiler' gcc has "${CC:-cc}"
            need pkg-config pkg-config has pkg-config
            need 'HDF5 (C library and headers)' libhdf5-dev hdf5
            need "CBLAS '$blas'" "lib$blas-dev" module "$blas"
            need libmd libmd-dev module libmd
            need zlib zlib1g-dev module zlib
            need 'Random123/philox.h' librandom123-dev header "${CC:-cc}" Random123/philox.h ;;
        demo)
            need gnuplot gnuplot-nox has gnuplot
            need column bsdextrautils has column ;;
        man)
            need help2man help2man has help2man ;;
        bundle)
            need patchelf patchelf has patchelf ;;
        check)
            need patchelf patchelf has patchelf
            need help2man help2man has help2man
            need h5dump hdf5-tools has h5dump
            need shellcheck shellcheck has shellcheck
            need clang clang has clang
            need clang-tidy clang-tidy has clang-tidy
            need "a C++ compiler" g++ has "${CXX:-c++}"
            need "omp.h for clang" libomp-dev header clang omp.h ;;
        *)  echo "deps.sh: unknown set '$set'" >&2; exit 2 ;;
        esac
    done
    [ -z "$missing" ]
}

# install PACKAGE...: with the lists that are here; if they are missing or stale, with new ones
install() {
    if [ "$(id -u)" = 0 ]; then as='env'; else as='sudo -n env'; fi
    apt="$as DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0"
    echo "deps.sh: installing$packages" >&2
    $apt install --no-install-recommends "$@" >/dev/null 2>&1 ||
        { $apt update && $apt install --no-install-recommends "$@"; } >&2
}

probe "$@" && exit 0
# shellcheck disable=SC2086  # a list of words
if [ "$mode" = install ] && has apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    install $packages
    probe "$@" && exit 0
fi
printf 'missing: %s\non Debian and Ubuntu: sudo apt-get install%s\n' "$missing" "$packages" >&2
exit 1
