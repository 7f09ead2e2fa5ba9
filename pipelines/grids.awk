# grids.awk -- runs into as few grids as there can be; for grok-paper.
#
#   awk -f grids.awk there runs.tsv
#
# there: results that need not be trained.  runs.tsv: see grok-paper.  Runs whose commands differ in the value of one option alone
# become one command with a list, option after option; what comes out are products, as the tools take them.  By tabs:
#   grid PRIORITY ORDER BEFORE WORD...      most figures first; then as they came
#   run OUT PICK                            of the grid above: which of its runs, as words for grok-pick
BEGIN { FS = OFS = "\t" }
FILENAME == "there" { there[$1] = 1; next }
# in how many figures a run is
{ figures[$3] += !(($1, $3) in seen); seen[$1, $3] = 1 }
$6 != "train.sh" || $3 in there { next }
$3 in entry { next }
{ entry[$3] = ++n; out[n] = $3; before[n] = $4; words = ""
  for (i = 7; i <= NF; i++) words = words FS $i
  command[n] = words FS; runs[n] = 1; run[n, 1] = n; pick[n] = "" }
END {
    n_option = split("seed label-smoothing kd-weight temperature weight-decay fraction join task", option, " ")
    for (o = 1; o <= n_option; o++) merge("--" option[o])
    for (e = 1; e <= n; e++) if (runs[e]) {
        most = 0
        for (r = 1; r <= runs[e]; r++) if (figures[out[run[e, r]]] > most) most = figures[out[run[e, r]]]
        print "grid", most, e, before[e] command[e]
        for (r = 1; r <= runs[e]; r++) print "run", out[run[e, r]], pick[run[e, r]]
    }
}
function merge(name,   e, at, rest, value, key, r, k) {
    split("", lead); split("", list); split("", held); split("", own); split("", mine)
    for (e = 1; e <= n; e++) {
        if (!runs[e] || !(at = index(command[e], FS name FS))) continue
        at += length(name) + 2
        rest = substr(command[e], at)
        value = substr(rest, 1, index(rest, FS) - 1)
        key = before[e] SUBSEP substr(command[e], 1, at - 1) SUBSEP substr(rest, length(value) + 1)
        if (!(key in lead)) { lead[key] = e; held[e] = list[key] = value; continue }
        k = lead[key]
        if (!(k in own)) own[k] = runs[k]
        for (r = 1; r <= runs[e]; r++) { run[k, runs[k] + r] = run[e, r]; mine[run[e, r]] = value }
        runs[k] += runs[e]; runs[e] = 0
        if (!index("," list[key] ",", "," value ",")) list[key] = list[key] "," value
    }
    for (key in lead) {
        k = lead[key]
        if (!(k in own)) continue
        for (r = 1; r <= runs[k]; r++)
            pick[run[k, r]] = pick[run[k, r]] " " substr(name, 3) "=" (r <= own[k] ? held[k] : mine[run[k, r]])
        at = index(command[k], FS name FS) + length(name) + 2
        command[k] = substr(command[k], 1, at - 1) list[key] substr(command[k], at + length(held[k]))
    }
}
