#!/bin/sh
# deps.sh probe|install SET... -- see that what the sets need is here: build, man, demo (drawing), bundle, check
# (tests), slurm (for check-all).
# deps.sh flags -- print how to compile and link with the libraries of the build, as make reads it.
#
# probe: if something is missing, say what, and how to get it, and fail.  install: get it with apt-get, where there is one
# and root or sudo is at hand; else as probe.
set -u
blas=${BLAS:-openblas}
cc=${CC:-cc}

# What it is, and the packages that bring it.  "-": there is none.  Those of apt are installed by the tests; the others are what
# the lists of those systems say.
packages() {
    cat << END
#thing       apt               dnf                 pacman      apk                brew         conda
compiler     gcc               gcc                 gcc         gcc,musl-dev       gcc          c-compiler
pkg-config   pkg-config        pkgconf-pkg-config  pkgconf     pkgconf            pkgconf      pkg-config
hdf5         libhdf5-dev       hdf5-devel          hdf5        hdf5-dev           hdf5         hdf5
blas         lib$blas-dev      $blas-devel         $blas       $blas-dev          $blas        $blas
libmd        libmd-dev         libmd-devel         libmd       libmd-dev          libmd        libmd
zlib         zlib1g-dev        zlib-devel          zlib        zlib-dev           zlib         zlib
random123    librandom123-dev  Random123-devel     -           -                  -            -
gnuplot      gnuplot-nox       gnuplot             gnuplot     gnuplot            gnuplot      gnuplot
column       bsdextrautils     util-linux          util-linux  util-linux-misc    util-linux   util-linux
help2man     help2man          help2man            help2man    help2man           help2man     help2man
patchelf     patchelf          patchelf            patchelf    patchelf           patchelf     patchelf
h5dump       hdf5-tools        hdf5                hdf5        hdf5               hdf5         hdf5
refblas      libblas3          blas                blas        blas               lapack       libblas
shellcheck   shellcheck        ShellCheck          shellcheck  shellcheck         shellcheck   shellcheck
clang        clang             clang               clang       clang              llvm         clang
clang-tidy   clang-tidy        clang-tools-extra   clang       clang-extra-tools  llvm         clang-tools
c++          g++               gcc-c++             gcc         g++                gcc          cxx-compiler
clang-omp    libomp-dev        libomp-devel        openmp      openmp-dev         libomp       llvm-openmp
slurm        slurm-wlm         slurm-slurmctld     slurm-llnl  slurm              -            -
munge        munge             munge               munge       munge              -            -
parallel     parallel          parallel            parallel    parallel           parallel     parallel
clang-rt     libclang-rt-dev   compiler-rt         compiler-rt compiler-rt        llvm         compiler-rt
END
}
# Package managers: the command by which one is known, a column above, where it is, what one says.
managers() {
    cat << END
apt-get apt    Debian and Ubuntu:sudo apt-get install
dnf     dnf    Fedora (and RHEL with EPEL and CRB):sudo dnf install
pacman  pacman Arch:sudo pacman -S
apk     apk    Alpine:sudo apk add
brew    brew   macOS with Homebrew (then make CC=gcc-15, or what 'ls \$(brew --prefix)/bin/gcc-*' shows):brew install
conda   conda  conda:conda install -c conda-forge
END
}
# Libraries: a thing above, the modules of pkg-config that may have it, or else a header and how to link.
libraries() {
    cat << END
hdf5  hdf5-serial,hdf5  hdf5.h   -lhdf5
blas  $blas             cblas.h  -l$blas
libmd libmd             sha2.h   -lmd
zlib  zlib              zlib.h   -lz
END
}

has() { command -v "$1"; }
# compiles COMPILER FLAGS...: does the program on standard input?
# shellcheck disable=SC2086  # lists of flags
compiles() { compiler=$1; shift; $compiler ${CPPFLAGS:-} ${CFLAGS:-} -x c - "$@" > /dev/null 2>&1; }
header() { echo "#include <$2>" | compiles "$1" -fopenmp -E; }
c11() { echo '_Static_assert(1, ""); int main(void) { return 0; }' | compiles "$cc" -std=c11 -fopenmp -o /dev/null; }
fuzzes() {
    echo 'int LLVMFuzzerTestOneInput(const char *x, unsigned long n) { return *x == (int)n; }' |
        compiles clang -fsanitize=fuzzer,address,undefined -o /dev/null
}
# module NAMES: the first that pkg-config knows
module() {
    for name in $(echo "$1" | tr , ' '); do
        if pkg-config --exists "$name" 2> /dev/null; then echo "$name"; return; fi
    done
    return 1
}
# shellcheck disable=SC2086  # a list of flags
plain() { printf '#include <%s>\nint main(void) { return 0; }\n' "$1" | compiles "$cc" ${LDFLAGS:-} "$2" -o /dev/null; }
library() {
    libraries | while read -r thing modules file link; do
        [ "$thing" = "$1" ] || continue
        module "$modules" || plain "$file" "$link" && echo found
    done | grep .
}
# loaded_name FLAGS...: the name by which programs load the one shared library that the BLAS is; nothing if it is linked in, or
# must be linked with others
# shellcheck disable=SC2086  # lists of flags
loaded_name() {
    # needed FLAGS...: what a program with two of its functions needs, of what the flags link
    needed() {
        echo '#include <cblas.h>
            static const void *const used[] = { (const void *)cblas_sgemm, (const void *)cblas_dgemm };
            int main(int n, char **words) { return used[n & 1] == words; }' |
            compiles "$cc" "$@" ${LDFLAGS:-} ${LDLIBS:-} -o "$probe/probe" &&
            LC_ALL=C readelf -d "$probe/probe" 2> /dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p' | grep -v '^lib[cm]\.'
    }
    probe=$(mktemp -d) || return
    name=$(needed "$@" -Wl,--as-needed)
    folders=$(for word; do case $word in -[IL]*) echo "$word" ;; esac; done)
    # alone it is enough
    case $name in *[!A-Za-z0-9._+-]*|'') ;; *) [ "$(needed $folders "-l:$name")" != "$name" ] || echo "$name" ;; esac
    rm -rf "$probe"
}
flags() {
    modules='' links='' loaded=''
    while read -r thing names file link; do
        found=$(module "$names") && compiling=$(pkg-config --cflags "$found") linking=$(pkg-config --libs "$found") ||
            compiling='' linking=$link
        # shellcheck disable=SC2086  # lists of flags
        if [ "$thing" = blas ] && name=$(loaded_name $compiling $linking) && [ -n "$name" ]; then
            loaded="$compiling -DGK_BLAS_FILE=$name"
        elif [ -n "$found" ]; then
            modules="$modules $found"
        else
            links="$links $link"
        fi
    done << END
$(libraries)
END
    # shellcheck disable=SC2086  # a list of modules
    [ -z "$modules" ] || { cflags=$(pkg-config --cflags $modules) && libs=$(pkg-config --libs $modules); } || exit 1
    printf '%s := %s\n' PKGS "${modules# }" PKG_CFLAGS "${cflags:-}${loaded:+ $loaded}" PKG_LIBS "${libs:-}$links"
}

# need NAME THING COMMAND...: NAME is there if COMMAND succeeds; THING is its row above
need() {
    name=$1 thing=$2
    shift 2
    "$@" > /dev/null 2>&1 && return
    missing="$missing${missing:+, }$name" things="$things $thing"
}
probe() {
    missing='' things=''
    for set; do
        case $set in
        build)
            need 'a C11 compiler with OpenMP' compiler c11
            need pkg-config pkg-config has pkg-config
            need 'HDF5 (C library and headers)' hdf5 library hdf5
            need "CBLAS '$blas'" blas library blas
            need libmd libmd library libmd
            need zlib zlib library zlib
            need 'Random123/philox.h' random123 header "$cc" Random123/philox.h ;;
        demo)
            need gnuplot gnuplot has gnuplot
            need column column has column ;;
        man)
            need help2man help2man has help2man ;;
        bundle)
            need patchelf patchelf has patchelf
            [ "${BUNDLE_BLAS:-}" != ref ] || need 'the reference BLAS' refblas mk/bundle.sh --reference ;;
        check)
            need patchelf patchelf has patchelf
            need 'the reference BLAS' refblas mk/bundle.sh --reference
            need help2man help2man has help2man
            need h5dump h5dump has h5dump
            need shellcheck shellcheck has shellcheck
            need clang clang has clang
            need clang-tidy clang-tidy has clang-tidy
            need 'a C++ compiler' c++ has "${CXX:-c++}"
            need 'omp.h for clang' clang-omp header clang omp.h ;;
        slurm)
            need Slurm slurm has slurmctld
            need munge munge has munged
            need 'GNU parallel' parallel has parallel ;;
        fuzz)
            need clang clang has clang
            need 'omp.h for clang' clang-omp header clang omp.h
            need "libFuzzer, clang's" clang-rt fuzzes ;;
        *)  echo "deps.sh: unknown set '$set'" >&2; exit 2 ;;
        esac
    done
    [ -z "$missing" ]
}

# names COLUMN: the packages of all things that are missing
names() {
    packages | awk -v column="$1" -v things="$things" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column || $i == "#" column) at = i }
        { package[$1] = $at }
        END { n = split(things, thing, " ")
              for (i = 1; i <= n; i++) if (package[thing[i]] != "-") printf " %s", package[thing[i]] }' | tr , ' '
}
# how_to_get: a line for every package manager that is here (Debian's, if none is)
how_to_get() {
    here=''
    while read -r command column rest; do
        has "$command" > /dev/null || continue
        here=1
        printf 'on %s: %s%s\n' "${rest%%:*}" "${rest#*:}" "$(names "$column")"
        case " $things $(names "$column") " in
        *' random123 '*[Rr]andom123*) ;;
        *' random123 '*) echo 'Random123 is headers only, and not packaged there: put include/Random123 of' \
            'https://github.com/DEShawResearch/random123 into a folder, and say make CPPFLAGS=-IFOLDER' ;;
        esac
    done << END
$(managers)
END
    [ -n "$here" ] || echo "by Debian's names: $(names apt)"
}

# install PACKAGE...: with the lists that are here; if they are missing or stale, with new ones
install() {
    if [ "$(id -u)" = 0 ]; then as='env'; else as='sudo -n env'; fi
    apt="$as DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0"
    echo "deps.sh: installing $*" >&2
    $apt install --no-install-recommends "$@" >/dev/null 2>&1 ||
        { $apt update && $apt install --no-install-recommends "$@"; } >&2
}

mode=$1
shift
[ "$mode" != flags ] || { flags; exit; }
probe "$@" && exit 0
if [ "$mode" = install ] && has apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    # shellcheck disable=SC2046  # a list of words
    install $(names apt)
    probe "$@" && exit 0
fi
{ echo "missing: $missing"; how_to_get; } >&2
exit 1
