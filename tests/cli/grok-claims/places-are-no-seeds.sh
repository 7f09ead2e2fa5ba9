# Rows without a seed, steps of a path, are not as many seeds: the column says those of the runs that the claim looks at, or none.
# Nor do five of them make a claim at paper scale, unless it says that it asks for no more.
printf 't\tloss\n1\t0.5\n2\t0.4\n3\t0.3\n' > path.tsv
printf 'alpha\tseed\tloss\n1\t0\t0.5\n1\t3\t0.2\n2\t0\t0.4\n2\t3\t0.3\n' > map.tsv
cat > f.claims << 'END'
id: f.path
scales: quick
says: x
where: t > 0
predicate: all(loss < 1)

id: f.both
scales: quick
says: x
predicate: all(loss < 1)

id: f.map
scales: quick
says: x
where: alpha > 0
predicate: all(loss < 1)
END
grok-claims --claims f.claims --figure f path.tsv map.tsv | grok-rows --select id,seed_set,seeds,verdict - > verdicts
diff verdicts - << 'END'
id	seed_set	seeds	verdict
f.path		-	PASS
f.both	0 3	2	PASS
f.map	0 3	2	PASS
END

printf 't\tloss\n1\t0.5\n2\t0.4\n3\t0.3\n4\t0.3\n5\t0.3\n' > path.tsv
cat > g.claims << 'END'
id: g.forgot
scales: paper
says: x
predicate: all(loss < 1)

id: g.said
scales: paper
says: x
seeds: 1
predicate: all(loss < 1)
END
grok-claims --claims g.claims --scale paper --figure g path.tsv | grok-rows --select id,missing,verdict - > verdicts
diff verdicts - << 'END'
id	missing	verdict
g.forgot	1 of 5 seeds	INCONCLUSIVE
g.said		PASS
END
