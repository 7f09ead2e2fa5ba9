# Where apt is not the package manager, what is missing is told by the names that are used there, and nothing is installed
. "$TOP/tests/cli/expect.bash"
cd "$TOP"
here=$OLDPWD
mkdir "$here/bin"
for command in sh awk tr grep cat id env; do ln -s "$(command -v "$command")" "$here/bin"; done

# on MANAGER: a machine with nothing but that
on() {
    printf '#!/bin/sh\nexit 9\n' > "$here/bin/$1"
    chmod +x "$here/bin/$1"
    not env -i PATH="$here/bin" sh mk/deps.sh "$2" build demo check > "$here/out" 2> "$here/err"
    rm "$here/bin/$1"
    grep -q '^missing: a C11 compiler with OpenMP, pkg-config, HDF5' "$here/err"
    [ ! -s "$here/out" ]
}
# says PATTERN...: what was said has each of them
says() { for pattern; do grep -qE -- "$pattern" "$here/err" || { echo "no '$pattern'"; cat "$here/err"; exit 1; }; done; }

on dnf install
says 'Fedora.*: sudo dnf install gcc .* hdf5-devel openblas-devel libmd-devel zlib-devel Random123-devel '
not grep -qE 'apt-get|headers only' "$here/err"
on pacman install
says 'Arch: sudo pacman -S gcc pkgconf hdf5 openblas ' 'Random123 is headers only'
on apk install
says 'Alpine: sudo apk add gcc musl-dev .* hdf5-dev openblas-dev libmd-dev '
on brew install
says 'Homebrew.*: brew install gcc pkgconf hdf5 '
on conda install
says 'conda: conda install -c conda-forge c-compiler '
on apt-get probe
says 'Debian and Ubuntu: sudo apt-get install gcc .* libhdf5-dev .* libblas3 '
on nothing probe
says "by Debian's names: .* libhdf5-dev "
not grep -qE ' -( |$)' "$here/err"

# Libraries that pkg-config does not know, but the compiler finds (HDF5 by its own name, which distributions change)
mkdir "$here/none" "$here/lib"
CPATH=$(pkg-config --cflags-only-I hdf5-serial openblas | sed 's/ *-I/:/g; s/^://; s/ *$//')
LIBRARY_PATH=$here/lib$(pkg-config --libs-only-L hdf5-serial openblas | sed 's/^ */ /; s/ *-L/:/g; s/ *$//')
export CPATH LIBRARY_PATH
ln -s "$(cc -print-file-name="lib$(pkg-config --libs-only-l hdf5-serial | sed 's/^ *-l//; s/ .*//').so")" "$here/lib/libhdf5.so"
export PKG_CONFIG_LIBDIR="$here/none"
sh mk/deps.sh probe build
sh mk/deps.sh flags > "$here/flags"
grep -qx 'PKG_LIBS :=  -lhdf5 -lmd -lz' "$here/flags"
grep -qx 'PKG_CFLAGS :=  *-DGK_BLAS_FILE=libopenblas[.]so[.][0-9]*' "$here/flags"
# A library that is linked in is not loaded by name
if LDFLAGS=-static sh mk/deps.sh probe build 2> /dev/null; then
    LDFLAGS=-static sh mk/deps.sh flags > "$here/flags"
    grep -qx 'PKG_LIBS :=  -lhdf5 -lopenblas -lmd -lz' "$here/flags"
fi
