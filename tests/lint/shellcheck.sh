# timeout: 300
# No script has anything that the checker of shell scripts complains about.
command -v shellcheck > /dev/null || { echo 'skip: no shellcheck'; exit 0; }
cd "${TOP:?tests/run runs this}"
. tests/linters.bash
found=0
scripts=()
while IFS= read -r file; do
    if head -n 1 "$file" | grep -qE '^#!.*(ba|da)?sh'; then scripts+=("$file"); fi
done < <(find .ci mk tests pipelines tools -type f ! -name '*.c' ! -name '*.h' ! -name '*.h5')
shellcheck "${scripts[@]}" || found=1
# Cases have no first line: tests/run runs them with -eu, so that a failing cd ends them.
find tests/cli tests/lint -name '*.sh' -print0 | xargs -0 shellcheck --shell=bash --exclude=SC2164 || found=1
judges shellcheck > "$OLDPWD/remark" || { sed 's/^/skip: /' "$OLDPWD/remark"; exit 0; }
exit $found
