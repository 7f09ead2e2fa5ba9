# Figures compute with the tools of tables, which know cells, missing columns and origins: no script of a paper has arithmetic of
# its own, but for what is drawn (arrows) and said in titles.
cd "${TOP:?tests/run runs this}"
scripts=()
for shared in pipelines/*.sh; do
    figures=("${shared%.sh}"-*.sh)
    [ ! -e "${figures[0]}" ] || scripts+=("$shared" "${figures[@]}")
done
[ ${#scripts[@]} -gt 50 ]
if grep -nE '(^|[^a-z_-])(awk|sed|perl|python3?|bc)($|[^a-z_-])' "${scripts[@]}" |
    grep -vE '^[^:]*:[0-9]*: *#|sed -n 2p|^pipelines/(omni-fig6a|omni)\.sh:.*awk -F'; then exit 1; fi
