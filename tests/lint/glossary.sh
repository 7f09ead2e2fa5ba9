# What docs/glossary.md leads to is there: every file that it names, and every function of its ten stops.
cd "${TOP:?tests/run runs this}"
wrong=0
sed -n 's/^[^`]*`\([^` ]*\.[ch]\)` `\([a-z_]*\)`.*/\1 \2/p' docs/glossary.md > "$OLDPWD/stops"
[ "$(wc -l < "$OLDPWD/stops")" -ge 10 ]
while read -r file name; do
    grep -qE "\b$name\b" "$file" || { echo "no $name in $file"; wrong=1; }
done < "$OLDPWD/stops"
grep -oE '`[a-z/-]+\.(c|h|def)`' docs/glossary.md | tr -d '`' | sort -u > "$OLDPWD/files"
while read -r file; do
    [ -e "$file" ] || [ -e "libshared/$file" ] || { echo "no $file"; wrong=1; }
done < "$OLDPWD/files"
exit $wrong
