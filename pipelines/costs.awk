# costs.awk -- what every figure costs; for grok-paper --dry-run.
#
#   awk -v rate=N -f costs.awk sources kept.tsv costs.tsv runs.tsv
#
# sources: results that others start from.  kept.tsv: OUT, and what is kept of it.  costs.tsv: for every grid the table of its
# runs ("cost" before each line), then its results ("run OUT PICK").  A run counts for the first figure that shows it.  rate:
# model-steps a second; 0: time as measured.
BEGIN { FS = OFS = "\t" }
function records(steps,   n, at, next_one) {
    for (at = n = 0; at < steps; n++) {
        next_one = at < 30 ? at + 1 : int(at * 1.03) + 1
        at = next_one - at > 500 ? at + 500 : next_one
    }
    return n
}
FILENAME == "sources" { source[$1] = 1; next }
FILENAME == "costs.tsv" && $1 == "cost" && $2 == "run" {
    split("", row); n_row = 0
    for (i = 2; i <= NF; i++) name[i] = $i
    next
}
FILENAME == "costs.tsv" && $1 == "cost" { row[++n_row] = $0; next }
FILENAME == "costs.tsv" {
    n = split($3, wanted, " ")
    for (r = 1; r <= n_row; r++) {
        n_cell = split(row[r], cell, FS); ok = 1
        for (i = 2; i <= n_cell; i++) value[name[i]] = cell[i]
        for (w = 1; w <= n; w++) {
            split(wanted[w], pair, "="); gsub("-", "_", pair[1])
            if (value[pair[1]] != pair[2] && value[pair[1]] + 0 != pair[2] + 0) ok = 0
            else if (pair[2] !~ /^[0-9.]+$/ && value[pair[1]] != pair[2]) ok = 0
        }
        if (!ok) continue
        cost[$2, "runs"]++
        cost[$2, "steps"] += value["steps"]
        cost[$2, "flop"] += value["flops"]
        cost[$2, "s"] += value["time_s"]
        # a record is a row of 10 metrics, 6 bytes each when packed; a landscape keeps a row a run
        cost[$2, "bytes"] += keeps[$2] == "results" ? 150 : 60 * records(value["steps"]) + 1000
        if ($2 in source) cost[$2, "bytes"] += 4 * value["parameters"]
    }
    next
}
FILENAME == "kept.tsv" { keeps[$1] = $2; next }
FNR == 1 { print "figure", "runs", "model_steps", "flop", "minutes", "megabytes" }
{ at = $1; figure[at] = $2; last = at }
!($3 in counted) {
    counted[$3] = 1
    for (i = 1; i <= split("runs steps flop s bytes", what, " "); i++) sum[at, what[i]] += cost[$3, what[i]]
}
END {
    for (at = 0; at <= last; at++) if (at in figure) show(figure[at], at)    # drawings have no runs
    show("all", "all")
}
function show(label, at,   i) {
    printf "%s\t%d\t%.4g\t%.3g\t%.3g\t%.2g\n", label, sum[at, "runs"], sum[at, "steps"], sum[at, "flop"],
           (rate > 0 ? sum[at, "steps"] / rate : sum[at, "s"]) / 60, sum[at, "bytes"] / 1e6
    if (at != "all") for (i = 1; i <= 5; i++) sum["all", what[i]] += sum[at, what[i]]
}
