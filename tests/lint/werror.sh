# A compiler's warning stops the build of who asks for that, and nobody else's
here=$PWD
echo '#warning "a new rule"' > warning.h
cd "${TOP:?tests/run runs this}"
object=$here/build/obj/libshared/base/grid.o
build() {
    env -u MAKEFLAGS -u MAKELEVEL -u WERROR \
        make -s BUILD="$here/build" CPPFLAGS="-include $here/warning.h" "$@" "$object"
}
build > "$here/log" 2>&1
grep -q 'warning: .*a new rule' "$here/log"
[ -e "$object" ]
if build WERROR=1 > "$here/log" 2>&1; then echo 'built in spite of a warning'; exit 1; fi
grep -q 'error: .*a new rule' "$here/log"
