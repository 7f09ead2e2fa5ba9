# with --json the first line has the sizes, then comes one object a row
grok-data --task subtract --prime 5 --sequence op-mod --vocab-prime 7 --fraction 0.4 show -n 3 --json
