# timeout: 300
# No script has anything that the checker of shell scripts complains about.
command -v shellcheck > /dev/null || { echo 'skip: no shellcheck'; exit 0; }
cd "${TOP:?tests/run runs this}"
. tests/linters.bash
found=0

# The figures of a paper are read as one script, which sources what they share once: that is most of what reading them takes.
# Line numbers are those of all of them together; -a: what is sourced is checked as well.
figures=()
for shared in pipelines/*.sh; do
    of_paper=("${shared%.sh}"-*.sh)
    [ -e "${of_paper[0]}" ] || continue
    figures+=("${of_paper[@]}")
    { printf '%s\n' '#!/bin/bash' ". \"${shared##*/}\"" && grep -hvF "/${shared##*/}\"" "${of_paper[@]}"; } |
        shellcheck -a --source-path=pipelines - || { echo "in ${of_paper[*]}, one after another"; found=1; }
done
[ ${#figures[@]} -gt 50 ]

scripts=()
while IFS= read -r file; do
    if head -n 1 "$file" | grep -qE '^#!.*(ba|da)?sh'; then scripts+=("$file"); fi
done < <(find .ci mk tests pipelines tools -type f ! -name '*.c' ! -name '*.h' ! -name '*.h5' |
    grep -vxF -f <(printf '%s\n' "${figures[@]}"))
shellcheck "${scripts[@]}" || found=1
# Cases have no first line: tests/run runs them with -eu, so that a failing cd ends them.
find tests/cli tests/lint -name '*.sh' -print0 | xargs -0 shellcheck --shell=bash --exclude=SC2164 || found=1
judges shellcheck > "$OLDPWD/remark" || { sed 's/^/skip: /' "$OLDPWD/remark"; exit 0; }
exit $found
