#!/bin/bash
# distros.sh [SUITE...] -- what a fresh machine does with a fresh clone of HEAD, in a tree of Debian made by debootstrap: trixie
# and sid run `make demo` and `make check`; arm64 cross-compiles the unit tests and runs them under qemu.  (Default: all three.)
# Each command's closing line is shown; the last line is "N passed, N failed".  Called by `make check-distros`, as root.
#
#   DISTROS_DIR    where trees are kept from one time to the next (/var/tmp/groktools-distros; 2 GB a tree)
#   MIRROR         of Debian; what this machine's own apt uses, unless set
set -u
cd "$(dirname "$0")/.." || exit 1
[ "$(id -u)" = 0 ] || { echo 'distros.sh: debootstrap and chroot need root' >&2; exit 1; }
for command in debootstrap unshare qemu-aarch64-static; do
    command -v $command > /dev/null ||
        { echo "distros.sh: no $command: apt-get install debootstrap util-linux qemu-user-static" >&2; exit 1; }
done
# Mounts and processes end with this script.
[ -n "${DISTROS_INSIDE:-}" ] || DISTROS_INSIDE=1 exec unshare --mount --pid --fork --kill-child "$0" "$@"
trees=${DISTROS_DIR:-/var/tmp/groktools-distros}
mirror=${MIRROR:-$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources 2> /dev/null | head -n 1)}
n_passed=0 n_failed=0

# inside TREE COMMAND: with an environment of its own
inside() {
    env -i HOME=/root TERM=dumb LANG=C.UTF-8 OMP_WAIT_POLICY=passive CCACHE_DIR=/ccache \
        PATH=/usr/lib/ccache:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin chroot "$trees/$1" bash -c "$2" < /dev/null
}

# tree NAME SUITE PACKAGE...: made if it is not there, and given network, /proc, /dev and a fresh clone in /root/groktools
tree() {
    local name=$1 suite=$2 root=$trees/$1 file
    shift 2
    if [ ! -e "$root/made" ]; then
        debootstrap --variant=minbase --include=ca-certificates,git,make,gcc "$suite" "$root" \
            "${mirror:-http://deb.debian.org/debian}" > "$trees/$name.debootstrap.log" 2>&1 || return 1
        touch "$root/made"
    fi
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || return 1
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    for file in /etc/apt/apt.conf.d/99*; do [ ! -e "$file" ] || cp "$file" "$root/etc/apt/apt.conf.d/"; done
    mkdir -p "$root/usr/local/share/ca-certificates"
    for file in /usr/local/share/ca-certificates/*.crt; do
        [ ! -e "$file" ] || cp "$file" "$root/usr/local/share/ca-certificates/"
    done
    inside "$name" 'update-ca-certificates > /dev/null 2>&1; apt-get -qq update' || return 1
    rm -rf "$root/root/groktools"
    git clone -q --no-hardlinks . "$root/root/groktools"
}

# verdict WHAT COMMAND...: run it, its output to a log; say whether it was done, and its closing line
verdict() {
    local what=$1 log=$trees/${1// /-}.log closing word
    shift
    if "$@" > "$log" 2>&1; then n_passed=$((n_passed + 1)) word='done'; else n_failed=$((n_failed + 1)) word=FAILED; fi
    closing=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
    echo "$what: $word${closing:+: $closing} ($log)"
}

both_commands() {
    verdict "$1 tree" tree "$1" "$1"
    verdict "$1 demo" inside "$1" 'cd /root/groktools && make demo'
    verdict "$1 check" inside "$1" 'cd /root/groktools && make check'
}

# The compiler runs here at its full speed, only the tests under qemu.
arm64() {
    verdict 'arm64 tree' tree arm64 trixie
    verdict 'arm64 packages' inside arm64 'dpkg --add-architecture arm64 && apt-get -qq update &&
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends \
            pkg-config gcc-aarch64-linux-gnu librandom123-dev libc6-dev-arm64-cross \
            libhdf5-dev:arm64 libopenblas-dev:arm64 libmd-dev:arm64 zlib1g-dev:arm64 libgomp1:arm64 gnuplot-nox'
    cp "$(command -v qemu-aarch64-static)" "$trees/arm64/usr/bin/"
    verdict 'arm64 build' inside arm64 'cd /root/groktools &&
        export PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig &&
        make -j"$(nproc)" CROSS=aarch64-linux-gnu- ARCH=armv8-a all units'
    # one line a test program, as many at a time as there are cores; what fails is shown before its line
    verdict 'arm64 unit tests' inside arm64 'set -o pipefail; cd /root/groktools && printf "%s\0" build/tests/test_* |
        xargs -0 -n 1 -P "$(nproc)" bash -c "output=\$(timeout 10800 qemu-aarch64-static \$0 2>&1) || echo \"\$output\"
            last=\$(tail -n 1 <<< \"\$output\")
            case \$last in *\" passed, \"*) echo \"\$0: \$last\" ;; *) echo \"\$0: 0 passed, 1 failed\" ;; esac" |
        awk -F "[: ,]+" "{ print; fflush() } / passed, [0-9]+ failed\$/ && /^build/ { passed += \$2; failed += \$4 }
            END { printf \"%d passed, %d failed\n\", passed, failed; exit failed > 0 }"'
}

mkdir -p "$trees"
[ $# -gt 0 ] || set -- trixie sid arm64
for suite; do
    case $suite in arm64) arm64 ;; *) both_commands "$suite" ;; esac
done
echo "$n_passed passed, $n_failed failed"
[ "$n_failed" = 0 ]
