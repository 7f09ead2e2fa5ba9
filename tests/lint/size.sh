# No file is longer than 500 lines, no line of code wider than 130 characters; no blanks at the end, no tabs in C.
cd "${TOP:?tests/run runs this}"
export LC_ALL=C.UTF-8    # a character may be several bytes
find . -name .git -prune -o -path ./build -prune -o -path ./tests/fuzz/corpus -prune -o -type f \
    \( -name '*.[ch]' -o -name '*.def' -o -name '*.cu' -o -name '*.cuh' -o -name '*.sh' -o -name '*.gp' -o -name '*.awk' \
       -o -name '*.py' -o -name '*.mk' -o -name Makefile -o -name run -o -path './tools/*' \) -print0 > "$OLDPWD/files"
grep -zE '\.([ch]|def|cu|cuh)$' "$OLDPWD/files" > "$OLDPWD/sources"
# One process for all: there are hundreds.
{
    xargs -0 awk 'FNR == 501 { print FILENAME ": more than 500 lines" }' < "$OLDPWD/files"
    xargs -0 grep -HnE '.{131}' < "$OLDPWD/files" || true
    xargs -0 grep -HnE '[[:blank:]]$' < "$OLDPWD/files" || true
    xargs -0 grep -Hn "$(printf '\t')" < "$OLDPWD/sources" || true
} > "$OLDPWD/found"
cat "$OLDPWD/found"
[ ! -s "$OLDPWD/found" ]
