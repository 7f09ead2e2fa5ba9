/* memory.c -- see memory.h. */
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

/* A number in a file of one line; infinity if there is none ("max"). */
static double number_in(const char *path)
{
    char   line[64];
    double value = INFINITY;
    FILE  *file = fopen(path, "r");
    if (!file)
        return INFINITY;
    if (fgets(line, sizeof line, file) && *line >= '0' && *line <= '9')
        value = strtod(line, NULL);
    fclose(file);
    return value;
}

/* Of control groups (version 2) this one's and those above it count. */
static double control_group_limit(void)
{
    char   line[1024], path[1200];
    double least = INFINITY;
    FILE  *file = fopen("/proc/self/cgroup", "r");
    if (!file)
        return INFINITY;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::/", 4) != 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        for (char *end = line + strlen(line); end; end = strrchr(line + 3, '/')) {
            *end = '\0';
            snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", line + 3);
            least = fmin(least, number_in(path));
        }
    }
    fclose(file);
    return least;
}

double gk_memory_limit(const char **what)
{
    struct sysinfo machine;
    struct rlimit  space;
    double limit = INFINITY, group = control_group_limit();
    *what = "there are";
    if (sysinfo(&machine) == 0) {
        limit = ((double)machine.totalram + (double)machine.totalswap) * (double)machine.mem_unit;
        *what = "this machine has";
    }
    if (group < limit) {
        limit = group;
        *what = "this job or container may have";
    }
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY && (double)space.rlim_cur < limit) {
        limit = (double)space.rlim_cur;
        *what = "'ulimit -v' allows";
    }
    return limit;
}
