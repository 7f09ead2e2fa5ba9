# README's table of tools names the tools that are built, each with the summary of its own --help; each has tests of its own.
cd "${TOP:?tests/run runs this}"
sed -n 's/^| *`\(grok-[a-z0-9-]*\)` *| *\(.*[^ ]\) *|$/\1: \2/p' README.md | sort > "$OLDPWD/readme"
for tool in "$BUILD"/bin/grok-*; do
    summary=$("$tool" --help | awk '!NF { over = 1 } NR > 1 && !over { printf "%s%s", (NR > 2 ? " " : ""), $0 }')
    echo "${tool##*/}: $summary"
done | sort > "$OLDPWD/tools"
diff -u "$OLDPWD/readme" "$OLDPWD/tools"
for tool in "$BUILD"/bin/grok-*; do
    [ -d "tests/cli/${tool##*/}" ] || { echo "no tests/cli/${tool##*/}"; exit 1; }
done
