// What a worker gives up before it sees the first byte of guest code. The list is an allow-list: anything else ends
// the process, because a worker that tries it is no longer the program that we wrote.
#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define IF_CALL(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1)
#define LOW_WORD(index) offsetof(struct seccomp_data, args[index])

static const int allowed[] = {
    // threads and waiting
    SYS_futex, SYS_sched_yield, SYS_exit, SYS_exit_group, SYS_set_robust_list, SYS_rseq, SYS_gettid, SYS_getpid,
    SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_sched_getaffinity,
    SYS_restart_syscall, SYS_get_robust_list, SYS_getrusage, SYS_membarrier,
    // memory (mmap and mprotect are looked at below)
    SYS_munmap, SYS_madvise, SYS_brk, SYS_mremap,
    // the socket to the server, and descriptors that came over it
    SYS_sendmsg, SYS_recvmsg, SYS_read, SYS_write, SYS_pread64, SYS_pwrite64, SYS_readv, SYS_writev, SYS_close, SYS_fstat,
    SYS_lseek, SYS_ftruncate, SYS_memfd_create, SYS_poll, SYS_shutdown, SYS_newfstatat,
    // randomness
    SYS_getrandom,
    // signals: wasmtime's traps return through rt_sigreturn
    SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_sigaltstack, SYS_rt_sigaction, SYS_tgkill,
};

enum { CALLS = sizeof allowed / sizeof *allowed, FIXED = 40 };

static int install_filter(void)
{
    struct sock_filter program[FIXED + 2 * CALLS];
    unsigned short length = 0;
#define ADD(...) program[length++] = (struct sock_filter)__VA_ARGS__
    ADD(LOAD(arch));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
    ADD(KILL);
    ADD(LOAD(nr));
    for (size_t i = 0; i < CALLS; i++) {
        ADD(IF_CALL((unsigned)allowed[i]));
        ADD(ALLOW);
    }
    // Executable memory is never mapped as such, and never writable: compiled code of users' modules is copied to memory
    // that is then made executable instead of writable.
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 4));
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(2)));
    ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
    ADD(KILL);
    ADD(ALLOW);
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 5));
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(2)));
    ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 2));
    ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 0, 1));
    ADD(KILL);
    ADD(ALLOW);
    // Threads may start (clone with CLONE_VM | CLONE_THREAD), processes may not; clone3 hides its flags behind a pointer,
    // so it is said not to exist and the C library falls back to clone.
    ADD(IF_CALL(SYS_clone3));
    ADD(REFUSE(ENOSYS));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4));
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(0)));
    ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 0, 1));
    ADD(ALLOW);
    ADD(KILL);
    // fcntl: only seals, for the memory files that images are captured in; and flags.
    ADD(IF_CALL(SYS_fcntl));
    ADD(ALLOW);
    // PAGEMAP_SCAN is the one ioctl.
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3));
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(1)));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xC0606610 /* PAGEMAP_SCAN */, 0, 1));
    ADD(ALLOW);
    // prctl: names of anonymous mappings only (the C library sets them where it can); refused rather than fatal.
    ADD(IF_CALL(SYS_prctl));
    ADD(REFUSE(EPERM));
    // Files cannot be opened; the C library asks for some in passing (time zones, locale), which must not end the process.
    ADD(IF_CALL(SYS_openat));
    ADD(REFUSE(EACCES));
    ADD(IF_CALL(SYS_readlink));
    ADD(REFUSE(EACCES));
    ADD(KILL);
#undef ADD
    struct sock_fprog filter = {.len = length, .filter = program};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) < 0 ? -errno : 0;
}

// Limits that are lower already stay: only root may raise them.
static int limit(int resource, uint64_t value)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) return -errno;
    if (value < limit.rlim_max) limit.rlim_max = value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &limit) < 0 ? -errno : 0;
}

int linux_limit_compiler(uint64_t data_bytes, uint64_t cpu_seconds)
{
    // The signal of the lower limit tells this end from others.
    struct rlimit cpu = {.rlim_cur = cpu_seconds, .rlim_max = cpu_seconds + 5};
    return setrlimit(RLIMIT_CPU, &cpu) < 0 ? -errno : limit(RLIMIT_DATA, data_bytes);
}

int linux_lock_down(uid_t uid, gid_t gid, uint64_t maximum_descriptors, const char **step)
{
    int result = 0;
#define STEP(name, expression) \
    do { *step = (name); if ((result = (expression)) < 0) return result; } while (0)
    STEP("limit on core files", limit(RLIMIT_CORE, 0));
    STEP("limit on written files", limit(RLIMIT_FSIZE, (uint64_t)4 << 30));
    STEP("limit on open descriptors", limit(RLIMIT_NOFILE, maximum_descriptors));
    if (uid != 0) {
        STEP("dropping groups", geteuid() == 0 && setgroups(0, NULL) < 0 ? -errno : 0);
        STEP("changing the group", setresgid(gid, gid, gid) < 0 ? -errno : 0);
        STEP("changing the user", setresuid(uid, uid, uid) < 0 ? -errno : 0);
    }
    // After a change of user the process would not be its own to inspect: /proc/self/pagemap was opened before.
    STEP("refusing to be traced", prctl(PR_SET_DUMPABLE, 0) < 0 ? -errno : 0);
    STEP("no new privileges", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0);
    STEP("filter on system calls", install_filter());
#undef STEP
    return 0;
}
