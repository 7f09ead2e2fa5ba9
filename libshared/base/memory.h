/* memory.h -- how much memory a process can have at most. */
#ifndef GK_BASE_MEMORY_H
#define GK_BASE_MEMORY_H

/* Bytes: the least of the machine's memory with its swap, the limit of the control group (that of a container or a Slurm job) and
 * the limit of address space (ulimit -v).  `what` says which it is, e.g. "this machine has". */
double gk_memory_limit(const char **what);

#endif
