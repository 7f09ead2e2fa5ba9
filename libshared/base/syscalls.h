/* syscalls.h -- system calls on files, continued where a signal or a partial write interrupts them.  -1 with errno. */
#ifndef GK_BASE_SYSCALLS_H
#define GK_BASE_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

int gk_open(const char *path, int flags) GK_MUST_CHECK;                          /* O_CLOEXEC is added */
int gk_write_all(int fd, const void *data, size_t n_bytes) GK_MUST_CHECK;       /* all of data */
int gk_end_file_at(int fd, int64_t n_bytes) GK_MUST_CHECK;
int gk_sync_file(int fd);
int gk_lock(int fd, int operation);                                             /* as flock */

#endif
