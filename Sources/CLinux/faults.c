#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

// A guest is ended by taking its memory away: its next load or store faults, and libwasmtime's handler makes a trap of
// that. But a guest also reads and writes through the host's own code: memory.fill and memory.copy are memset and memmove
// of libc. A fault there is none that libwasmtime knows; it passes it on to the handler that was there before it: ours,
// which gives back the memory around the fault, so that the host's code can go on to its next fault and its end. The rest
// stays away, so that the guest itself, which needs its stack and its variables, then stumbles at once.

enum { MEMORIES = 4096, WINDOW = 1 << 16 };

static struct {
    _Atomic(char *) base;
    _Atomic size_t revoked_bytes;
} memories[MEMORIES];

static struct sigaction previous;

static void pass_on(int signal, siginfo_t *information, void *context)
{
    if (previous.sa_flags & SA_SIGINFO) {
        previous.sa_sigaction(signal, information, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(signal);
    } else {
        // The instruction is tried again and then ends the process as if we had never been here.
        sigaction(signal, &previous, NULL);
    }
}

static void on_fault(int signal, siginfo_t *information, void *context)
{
    char *address = information->si_addr;
    for (int i = 0; i < MEMORIES; i++) {
        char *base = atomic_load(&memories[i].base);
        size_t bytes = atomic_load(&memories[i].revoked_bytes);
        if (base != NULL && address >= base && (size_t)(address - base) < bytes) {
            int kept = errno;
            size_t start = (size_t)(address - base) & ~(size_t)(WINDOW - 1);
            mprotect(base + start, bytes - start < WINDOW ? bytes - start : WINDOW, PROT_READ | PROT_WRITE);
            errno = kept;
            return;
        }
    }
    pass_on(signal, information, context);
}

static void install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous);
}

void linux_catch_faults(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
}

int linux_register_memory(void *base)
{
    for (int i = 0; i < MEMORIES; i++) {
        char *none = NULL;
        if (atomic_compare_exchange_strong(&memories[i].base, &none, (char *)base)) {
            return i;
        }
    }
    return -1;
}

void linux_unregister_memory(int number)
{
    atomic_store(&memories[number].revoked_bytes, 0);
    atomic_store(&memories[number].base, NULL);
}

void linux_revoke_memory(int number, size_t bytes)
{
    atomic_store(&memories[number].revoked_bytes, bytes);
    mprotect(atomic_load(&memories[number].base), bytes, PROT_NONE);
}
