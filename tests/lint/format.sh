# FORMAT.md names every slot that an engine can have.
cd "${TOP:?tests/run runs this}"
wrong=0
for slot in $(sed -n 's/^SLOT(\([a-z0-9_]*\),.*/\1/p' libshared/graph/optim.def) init ema ring; do
    grep -q "^|.*\`$slot\`.*|.*|" <(sed -n '/^## .optimizer/,/^## .data/p' libshared/io/FORMAT.md) || {
        echo "FORMAT.md does not name the slot '$slot'"
        wrong=1
    }
done
exit $wrong
