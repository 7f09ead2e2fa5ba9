# docs/register.md has every claim of pipelines/*.claims once, with what it is judged by as it stands there; a row without a claim
# says why there is no predicate.
cd "${TOP:?tests/run runs this}"
wrong=0
papers=$(basename -s .claims pipelines/*.claims | grep -vx demo | paste -sd '|')

# claims FILE...: "ID<tab>where: ...; by: ...; ...; the predicate": all that a verdict hangs on, sorted
claims() {
    awk 'BEGIN { n = split("where by per seeds needs let", part) }
         function end(   i, all) {
             for (i = 1; i <= n; i++) if (part[i] in text) all = all part[i] ": " text[part[i]] "; "
             if ("id" in text) print text["id"] "\t" all text["predicate"]
             split("", text); key = ""
         }
         FNR == 1 || /^[ \t]*$/ { end() }
         /^#/ || /^[ \t]*$/ { next }
         /^[ \t]/ { sub(/^[ \t]+/, ""); text[key] = text[key] " " $0; next }
         { key = $0; sub(/:.*/, "", key); sub(/^[^:]*: */, ""); text[key] = $0 }
         END { end() }' "$@" | sort
}
# rows: the same of the page, "ID<tab>predicate<tab>remark"
rows() {
    grep -E "^\| ($papers)-" docs/register.md | sed 's/\\|/\x01/g' | awk -F ' *[|] *' -v OFS='\t' '
        { gsub(/^`|`$/, "", $4); print $2, $4, $5 }' | sed 's/\x01/|/g' | sort
}
# shellcheck disable=SC2046,SC2086  # names without blanks
claims $(printf 'pipelines/%s.claims ' ${papers//|/ }) > "$OLDPWD/claims"
rows > "$OLDPWD/rows"
[ "$(wc -l < "$OLDPWD/claims")" -ge 120 ]
diff "$OLDPWD/claims" <(awk -F '\t' '$2 != ""' "$OLDPWD/rows" | cut -f 1,2) || {
    echo 'pipelines/*.claims (<) and docs/register.md (>) differ'; wrong=1; }
awk -F '\t' '$2 == "" && $3 !~ /^no predicate/ { print $1 ": neither predicate nor reason"; found = 1 } END { exit found }' \
    "$OLDPWD/rows" || wrong=1
# a page that says what is laid down: no cell is empty
grep -nE "^\| ($papers)-[^|]*\|  *\|" docs/register.md && wrong=1
# ... and no figure is drawn that nobody judges
for figure in $(basename -s .sh pipelines/*-*.sh); do
    grep -q "^| ${figure}[. ]" docs/register.md || { echo "docs/register.md has no row of $figure"; wrong=1; }
done
# ... and every verdict of the ledger has the commands that made its rows
grep -E "^\| ($papers)-[^|]*\| (quick|paper) \|" docs/claims.md | grep -E '\| (PASS|FAIL|INCONCLUSIVE) \|' |
    grep -v '(#commands)' | sed 's/^| \([^ ]*\) .*/docs\/claims.md: \1 has no commands/' | grep . && wrong=1
exit $wrong
