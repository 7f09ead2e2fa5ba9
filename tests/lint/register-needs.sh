# A claim that runs over a swept axis says how much of it there must be (needs:), so that a part of the grid decides nothing.  It
# runs over it by `by` or `per`, as the x of a curve, or where it takes what is above or below a value.  What is made of a
# whole map by grok-stat says by n of how many places.
cd "${TOP:?tests/run runs this}"
axes='weight_decay decay size fraction alpha items thin_to separation init_scale temperature kd_weight rate m messiness'
wrong=0
for axis in $axes; do
    awk -v axis="$axis" '
        BEGIN { own = axis == "m" ? "m|messiness" : axis
                curve = "(spearman|rises|slope|scale|dcrit|argmin|argmax)[(]" axis " *,"
                side = "(^|[^A-Za-z0-9_$`/])" axis " *[<>]|[<>]=? *" axis "([^A-Za-z0-9_(]|$)" }
        function end() {
            if (id && (group ~ "(^|[ ,])" axis "([ ,]|$)" || text ~ curve || text ~ side) && needs !~ "(^|[; ])(n|" own ") *=")
                { print FILENAME ": " id " runs over " axis ", and does not say what it needs of it"; found = 1 }
            id = group = text = needs = key = ""
        }
        FNR == 1 || /^[ \t]*$/ { end(); next }
        /^#/ { next }
        /^[^ \t]/ { key = $0; sub(/:.*/, "", key); if (key == "id") id = $2 }
        { line = $0; sub(/^[^ \t:]*: */, "", line) }
        key == "by" || key == "per" { group = group " " line }
        key == "let" || key == "predicate" || key == "where" { text = text " " line }
        key == "needs" { needs = needs " " line }
        END { end(); exit found }' pipelines/*.claims || wrong=1
done
exit $wrong
