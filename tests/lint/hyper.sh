# Every hyperparameter of hyper.def is read by the library, and a test sets it: a row alone would be an option without effect.
cd "${TOP:?tests/run runs this}"
wrong=0
while read -r field; do
    grep -rqE "(->|\.)$field\b" libshared --include=*.c --include=*.h || { echo "nothing reads $field"; wrong=1; }
    grep -rqE "\.$field\b|--$(tr _ - <<< "$field") " tests || { echo "no test sets $field"; wrong=1; }
done < <(sed -n 's/^\(HYPER\|TEACH\|GROUPED\)(\([a-z0-9_]*\),.*/\2/p' libshared/graph/hyper.def)
exit $wrong
