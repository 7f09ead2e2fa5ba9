# table-cuda.awk -- rows that run-cuda has measured -> its table.  -v device=NAME
#
# In: workload, program, models, precision, rate, lowest, highest, note.  The floor is the rate at which the card's own copies
# and products, measured in the same run, would do the bytes and the FLOPs of a step, whatever takes longer; gap: the share of it
# that we reach.
BEGIN {
    OFS = "\t"
}
function number(x) { return x ~ /nan|-$/ ? x : sprintf("%.4g", x) }
function ratio(a, b) { return a ~ /nan|-$/ || b ~ /nan|-$/ ? "nan" : sprintf("%.3g", a / b) }
# What bench programs say first: "F flops, B bytes a model-step; ..."
function floor_of(precision, note,    seconds, bytes) {
    if (note !~ /^[0-9.e+]+ flops, / || !(precision in peak) || !copy)
        return "-"
    bytes = note
    sub(/^[^,]*, /, "", bytes)
    seconds = (note + 0) / peak[precision] / 1e12
    return 1 / (bytes / copy / 1e12 > seconds ? bytes / copy / 1e12 : seconds)
}
function row(key, peer, value, note,    of, limit) {
    split(key, of, SUBSEP)
    limit = floor_of(of[3], ours_note[key])
    print of[1] "_" of[2] "_" of[3], number(mine[key]), "model-steps/s", peer, number(value), ratio(mine[key], value),
        "-", "-", note, of[2], of[3], device, number(limit), limit == "-" ? "-" : ratio(mine[key], limit)
}
function best(key, package,    of, i, at) {
    split(key, of, SUBSEP)
    for (i = 1; i <= n_row; i++)
        if (matches(i, of) && index(peer[i], package "_") == 1 && value[i] != "nan" && (!at || value[i] + 0 > value[at] + 0))
            at = i
    if (at)
        row(key, "best_" package, value[at], peer[at] "; " told[at])
}
# Eager forms train one model after another: their rate with one stands beside all numbers of models.
function matches(i, of) { return work[i] == of[1] && precision[i] == of[3] && (models[i] == of[2] || peer[i] ~ /_eager/) }

$1 == "gemm" {
    if ($5 != "nan" || $8 !~ /as above/)
        print "machine_" $2 "_" $4, number($5), $2 ~ /copy/ ? "TB/s" : "TFLOP/s", "-", "-", "-", "-", "-",
            ($2 ~ /copy/ ? "bytes read and written" : $3 " x " $3 " products") "; " $8, 1, $4, device, "-", "-"
    if ($2 ~ /copy/ && $5 != "nan")
        copy = $5
    else if ($5 != "nan")
        peak[$4] = $5
    next
}
$1 == "mnist-grid" {
    print "mnist_grid_588_fp32", number($5), "s", "limit", 50, ratio($5, 50), "<=1",
        $5 == "nan" ? "-" : $5 <= 50 ? "yes" : "no", $8, 588, "fp32", device, "-", "-"
    next
}
$2 == "ours" { key = $1 SUBSEP $3 SUBSEP $4; mine[key] = $5; keys[++n_key] = key; ours_note[key] = $8; next }
{
    n_row++; work[n_row] = $1; peer[n_row] = $2; models[n_row] = $3; precision[n_row] = $4; value[n_row] = $5
    told[n_row] = ($5 == "nan" ? "" : "rounds " number($6) " to " number($7) "; ") $8
}
END {
    for (k = 1; k <= n_key; k++) {
        key = keys[k]
        split(key, of, SUBSEP)
        row(key, "-", "nan", "ours: " ours_note[key])
        best(key, "torch")
        best(key, "jax")
        for (i = 1; i <= n_row; i++)
            if (matches(i, of))
                row(key, peer[i], value[i], (models[i] == of[2] ? "" : "one model after another; ") told[i])
    }
}
