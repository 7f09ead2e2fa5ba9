# A linter of another version than the one that judges reports, and nothing fails; one of that version fails what it finds
. "$TOP/tests/linters.bash"

# linter NAME VERSION: one that complains about everything, first in PATH
linter() {
    mkdir -p bin
    printf '#!/bin/sh\n[ "$1" != --version ] || { echo "version: %s"; exit; }\necho "x.c:1:1: error: a new rule"; exit 1\n' \
        "$2" > "bin/$1"
    chmod +x "bin/$1"
}
PATH=$PWD/bin:$PATH
tidy() { GK_CFLAGS='' "$TOP/tests/tidy.sh" libshared/base/error.c > out; }
scripts() { env -u JOBS "$TOP/tests/run" lint/shellcheck > out; }

linter clang-tidy 99.1
tidy
grep -q ' error: a new rule' out
grep -qx 'reported, not judged: clang-tidy 99.1; .* judges' out
[ "$(tail -n 1 out)" = '0 passed, 0 failed' ]
linter clang-tidy "$(judging clang-tidy).7"
if tidy; then exit 1; fi
[ "$(tail -n 1 out)" = '0 passed, 1 failed' ]

linter shellcheck 99.1
scripts
grep -q ' error: a new rule' out
grep -q 'reported, not judged: shellcheck 99.1' out
[ "$(tail -n 1 out)" = '0 passed, 0 failed' ]
linter shellcheck "$(judging shellcheck).0"
if scripts; then exit 1; fi
[ "$(tail -n 1 out)" = '0 passed, 1 failed' ]
