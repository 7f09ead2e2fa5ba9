# damaged files: one line each on standard output, exit 3
grok-data --task add --prime 7 -q -o data.h5
head -c 2000 data.h5 > cut.h5
{ head -c 1000 data.h5; printf 'XX'; tail -c +1003 data.h5; } > changed.h5
printf 'step\tloss\n' > table.tsv
: > empty.h5
status=0
grok-check cut.h5 changed.h5 data.h5 table.tsv empty.h5 > out 2> err || status=$?
[ "$status" = 3 ]
[ ! -s err ]
sed -n '1,2s/; if you .* yourself: grok-check --seal FILE$//p; 3,$p' out > shown
cat > expected << 'END'
cannot read 'cut.h5': it has no seal at its end, so it was truncated, or is not a groktools file
'changed.h5' is damaged: its contents do not match its checksum, so it was changed after it was written
cannot read 'table.tsv': not a groktools file (it is not HDF5)
cannot read 'empty.h5': it is empty
END
diff expected shown
