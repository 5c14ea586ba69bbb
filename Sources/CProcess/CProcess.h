// What Linux has for processes and Swift's view of the C library leaves out.
#ifndef CPROCESS_H
#define CPROCESS_H

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// Headers older than the system calls leave their numbers out, which are the same on all machines but for memfd_create's.
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/// Makes a file in memory that has no name and is closed when another program is started: memfd_create(2).
static inline int cprocess_memory_file(const char *_Nonnull name) {
    return (int)syscall(SYS_memfd_create, name, 1U /* MFD_CLOEXEC */);
}

/// Makes a descriptor that stands for a process for as long as it is open, whoever has its number later: pidfd_open(2).
static inline int cprocess_open(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

/// Sends a signal to the process of such a descriptor: pidfd_send_signal(2).
static inline int cprocess_signal(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}

#endif
