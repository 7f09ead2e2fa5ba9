# Messages begin in lower case and have no full stop (an acronym or a name may begin one).
cd "${TOP:?tests/run runs this}"
if grep -nE '(gk_error|gk_error_context|gk_usage_error|gk_usage|gk_warn)\("([A-Z][a-z]|[^"]*\.")' libshared/*/*.c tools/*.c |
    grep -vE '\.\.\."'; then exit 1; fi
