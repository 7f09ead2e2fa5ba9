#!/bin/bash
# Little address space (ulimit -v), from too little to load the program to enough: done, or one line and status 1, in seconds.
. "$(dirname "$0")/common.bash"
# OpenBLAS, by itself, looks for its buffers for ever, at its start or in the first product.

# limited KB COMMAND...: done, or a line that says what is missing.  Below what the libraries need that are loaded at the start,
# the loader ends the program (127).
limited() {
    local kb=$1 status=0
    rm -f run.h5
    shift
    (ulimit -v "$kb" && exec timeout -s KILL 20 "$@") > out 2> err < /dev/null || status=$?
    case $status in
    0) n_done=$((n_done + 1)) ;;
    1) [ "$(wc -l < err)" = 1 ] && grep -qE '^grok-[a-z]*: .*(memory|cannot (get|allocate|hold|load|write|read))' err ;;
    127) grep -qE 'error while loading shared libraries' err ;;
    *) false ;;
    esac || { echo "status $status with $kb kB: $*"; cat err; return 1; }
}

for threads in 1 2; do
    n_done=0
    for kb in 60000 80000 100000 150000 200000 260000 330000 450000 4000000; do
        check "$threads threads in $kb kB" limited "$kb" grok-train "${TINY[@]}" --steps 2 --threads "$threads" --force -o run.h5
    done
    check "no run was done in 4 GB" [ "$n_done" -ge 1 ]
done
# What needs no products needs no BLAS.
check 'help in little memory' exits 0 bash -c 'ulimit -v 100000; exec timeout -s KILL 20 grok-train --help'
check 'a wrong option in little memory' exits 2 bash -c 'ulimit -v 100000; exec timeout -s KILL 20 grok-train --no-such-option'
check 'a wrong file in little memory' exits 1 bash -c 'ulimit -v 100000; exec timeout -s KILL 20 grok-fourier /dev/null'
finish
