# A clone may lie in a folder of any name, and so may data; a BUILD that make cannot do is refused before anything runs
. "$TOP/tests/cli/expect.bash"
clone="$PWD/what's \"this\" clön"
mkdir -p "$clone"
cp -r "$TOP/Makefile" "$TOP/mk" "$TOP/pipelines" "$clone"
for folder in libshared tools tests cuda docs; do ln -s "$TOP/$folder" "$clone"; done
mkdir "$clone/build"
ln -s "$BUILD"/config-*.mk "$BUILD/flags" "$BUILD/version" "$BUILD/bin" "$clone/build"
cd "$clone"
make_() { env -u MAKEFLAGS -u MAKELEVEL -u BUILD make --no-print-directory "$@"; }

# every rule of a paper's figures finds what it needs
make_ -n kd-fig1 omni-fig3a GROK_DATA="$clone/my data's" > "$OLDPWD/rules"
grep -q 'kd-fig1.sh' "$OLDPWD/rules"
grep -q 'omni-fig3a.sh' "$OLDPWD/rules"
# a figure is drawn
mkdir -p build/kd/quick
make_ -s kd-fig1 -o all > "$OLDPWD/log" 2>&1 || { cat "$OLDPWD/log"; exit 1; }
[ -s build/kd/quick/kd-fig1.svg ]

for odd in 'a b' "a'b" 'a"b' 'a;b' 'a%b' 'a:b'; do
    not make_ BUILD="$odd" all > "$OLDPWD/out" 2> "$OLDPWD/err"
    [ "$(wc -l < "$OLDPWD/err")" = 1 ]
    grep -qF "BUILD '$odd' has a blank, a quote or a sign that make does not take" "$OLDPWD/err"
    [ ! -s "$OLDPWD/out" ]
done
make_ -n BUILD=bäu help > "$OLDPWD/out" 2>&1
