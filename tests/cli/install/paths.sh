# A clone may lie in a folder of any name, and so may data; a name that make cannot do is refused before anything runs
. "$TOP/tests/cli/expect.bash"
here=$PWD clone="$PWD/what's \"this\" \$HOME clön"
mkdir -p "$clone/tests"
cp -r "$TOP/Makefile" "$TOP/mk" "$TOP/pipelines" "$clone"
ln -s "$TOP"/{libshared,tools,cuda,docs} "$clone"
ln -s "$TOP"/tests/* "$clone/tests"
mkdir "$clone/build"
ln -s "$BUILD"/config-*.mk "$BUILD/flags" "$BUILD/version" "$BUILD/bin" "$clone/build"
cd "$clone"
make_() { env -u MAKEFLAGS -u MAKELEVEL -u BUILD make --no-print-directory "$@"; }

# every rule of a paper's figures finds what it needs, and the data
data="$clone/my \"data's\" \$x"
mkdir -p "$data/mnist" "$here/it's \"data\"/mnist"
touch "$data/mnist/train-images" "$here/it's \"data\"/mnist/train-images"
GROK_DATA=$data make_ -n kd-fig1 omni-fig3a > "$here/rules"
grep -q 'kd-fig1.sh' "$here/rules"
grep -q "'--task' 'mnist'" "$here/rules"
make_ -n omni-fig3a GROK_DATA="$here/it's \"data\"" > "$here/rules"
grep -q "'--task' 'mnist'" "$here/rules"
# a figure is drawn
mkdir -p build/kd/quick
make_ -s kd-fig1 -o all > "$here/log" 2>&1 || { cat "$here/log"; exit 1; }
[ -s build/kd/quick/kd-fig1.svg ]
# what is said to `make check` is said to what its tests make
rm tests/check.sh
cat > tests/check.sh << 'END'
#!/bin/bash
printf '%s\n' "$GROK_DATA"
$MAKE -s --eval 'said: ; @printf "%s\n" $(call quoted,$(CFLAGS))' said
END
chmod +x tests/check.sh
touch build/deps-check build/deps-demo
GROK_DATA=$data make_ -s check CFLAGS="-O1 -DX=\"it's\"" > "$here/out"
printf '%s\n' "$data" "-O1 -DX=\"it's\"" | diff - "$here/out"

# refused MESSAGE COMMAND...: with one line, before anything runs
refused() {
    not "${@:2}" > "$here/out" 2> "$here/err"
    [ "$(wc -l < "$here/err")" = 1 ]
    grep -qF "$1" "$here/err"
    [ ! -s "$here/out" ]
}
for odd in 'a b' "a'b" 'a"b' 'a;b' 'a%b' 'a:b' 'a$b' 'a#b'; do
    refused "BUILD '$odd' has a blank, a quote or a sign that make does not take" make_ BUILD="$odd" all
done
refused "BUILD 'a\$b' has" env -u MAKEFLAGS -u MAKELEVEL BUILD='a$b' make all
for name in PREFIX DESTDIR GROK_DATA FROM; do
    refused "$name '/a\$b' has a \$, which begins a variable of make's here; say it before make: $name='/a\$b' make" \
        make_ "$name=/a\$b" install
done
make_ -s BUILD=bäu bäu/obj/libshared/base/grid.o > "$here/log" 2>&1 || { cat "$here/log"; exit 1; }
[ -e bäu/obj/libshared/base/grid.o ]
