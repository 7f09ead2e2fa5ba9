# docs/models.md has every model of models.def, in equations.
cd "${TOP:?tests/run runs this}"
wrong=0
sed -n 's/^MODEL(\([a-z0-9-]*\),.*/\1/p' libshared/models/models.def > "$OLDPWD/names"
while read -r model; do
    grep -q "^## .*(\`--model $model\`" docs/models.md || { echo "docs/models.md does not describe --model $model"; wrong=1; }
done < "$OLDPWD/names"
exit $wrong
