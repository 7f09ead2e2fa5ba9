# The Makefile's version is the changelog's newest that has a date, and the one to cite, with the same date
cd "${TOP:?tests/run runs this}"
version=$(sed -n 's/^VERSION *:= *//p' Makefile)
[ -n "$version" ]
newest=$(grep -m 1 -E '^## [0-9]' CHANGELOG.md)
cited="## $(sed -n 's/^version: //p' CITATION.cff) ($(sed -n 's/^date-released: //p' CITATION.cff))"
[ "$newest" = "$cited" ] || { echo "CHANGELOG.md: '$newest', CITATION.cff: '$cited'"; exit 1; }
case $newest in "## $version ("*) ;; *) echo "Makefile: $version, CHANGELOG.md: $newest"; exit 1 ;; esac
