// Linux system interfaces that Swift cannot call itself (variadic, macros) or that Debian 12's headers lack.
#ifndef SWIFTLET_LINUX_CALLS_H
#define SWIFTLET_LINUX_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A run of pages that `linux_private_pages` found: addresses from `start` up to `end`.
typedef struct { uint64_t start, end, categories; } linux_page_region;

/// Finds the pages in [start, end) of this process that are private copies: present and neither of a file nor the shared page of zeros, or swapped out.
/// `pagemap` is /proc/self/pagemap. Returns the number of regions written, or -errno (ENOTTY before Linux 6.7).
/// `*scanned_to` is where the scan stopped: call again from there while it is below `end`.
long linux_private_pages(int pagemap, uint64_t start, uint64_t end, linux_page_region *regions, size_t capacity,
                         uint64_t *scanned_to);

/// An anonymous memory file, closed on exec; -errno on failure.
int linux_memory_file(const char *name);

/// Forbids any further change of a memory file's size and content.
int linux_seal(int descriptor);

/// Forbids whoever maps a memory file from now on to write to it; who has it mapped already still may.
int linux_seal_for_readers(int descriptor);

/// Handles memory faults of host code in memories that were revoked, see faults.c. To be called before the first engine of
/// libwasmtime is made: its own handler must come before this one. Does its work once.
void linux_catch_faults(void);

/// Makes a guest's memory known to the fault handler; returns its number, or -1 where there is no room for more.
int linux_register_memory(void *base);

/// Forgets a memory, which must not be in use any more.
void linux_unregister_memory(int number);

/// Makes the first `bytes` of a memory inaccessible, but for where the host's own code is in the middle of them.
/// To be repeated while the guest runs.
void linux_revoke_memory(int number, size_t bytes);

/// Has the disk begin to take in a part of a file that was written, and does not wait for it.
void linux_begin_writing(int file, int64_t offset, int64_t count);

/// Sends bytes with at most one descriptor (-1: none) over a Unix socket. Returns the bytes sent or -errno; -EAGAIN where
/// the socket is full.
ssize_t linux_send(int socket, const void *bytes, size_t count, int descriptor);

/// Receives bytes and at most one descriptor (-1 where there is none). Returns the count, 0 at the end, or -errno.
ssize_t linux_receive(int socket, void *bytes, size_t count, int *descriptor);

/// Fills a buffer with random bytes of the kernel.
bool linux_random(void *bytes, size_t count);

/// Closes all descriptors from `first` on.
void linux_close_from(int first);

/// The CPU time clock of the calling thread, to be read from other threads.
clockid_t linux_thread_cpu_clock(void);

/// Nanoseconds of a clock.
int64_t linux_clock_nanoseconds(clockid_t clock);

/// The lock-down of a worker, in order: no new privileges, resource limits, no core files, then the allow-list of system calls.
/// `uid` and `gid` are given up to where they are not 0. Returns 0 or -errno; `*step` names the step that failed.
int linux_lock_down(uid_t uid, gid_t gid, uint64_t maximum_descriptors, const char **step);

/// Limits what this process may use from now on: memory of its own that can be written (address space that is only
/// reserved does not count), and processor time, at whose end the kernel ends it. Returns 0 or -errno.
int linux_limit_compiler(uint64_t data_bytes, uint64_t cpu_seconds);

/// Whether the running kernel can find private pages (PAGEMAP_SCAN).
bool linux_has_pagemap_scan(void);

/// Page faults that the calling thread has had.
uint64_t linux_thread_faults(void);

/// Forbids huge pages to this process, for ever; false where the kernel refuses.
bool linux_forbid_huge_pages(void);

#endif
