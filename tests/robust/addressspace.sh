#!/bin/bash
# Little address space (ulimit -v), from too little to load the program to enough: done, or one line and status 1, in seconds.
. "$(dirname "$0")/common.bash"
# With the default number of threads OpenBLAS starts its own, which cannot be ended while they look for memory.

# limited KB COMMAND...: done, or a line that says what is missing.  Below what our code needs to begin, the loader (127) or
# OpenBLAS (which sends itself SIGINT) end the program.
limited() {
    local kb=$1 status=0
    rm -f run.h5
    shift
    (ulimit -v "$kb" && exec timeout -s KILL 20 "$@") > out 2> err < /dev/null || status=$?
    case $status in
    0) n_done=$((n_done + 1)) ;;
    1) [ "$(wc -l < err)" = 1 ] && grep -qE '^grok-[a-z]*: .*(memory|cannot (get|allocate|hold|write|read))' err ;;
    127|130) grep -qE 'error while loading shared libraries|OpenBLAS' err ;;
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
n_done=0
check 'help in little memory' limited 100000 grok-train --help
check 'a wrong file in little memory' exits 1 bash -c 'ulimit -v 100000; exec timeout -s KILL 20 grok-fourier /dev/null'
finish
