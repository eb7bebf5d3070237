#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <pthread.h>
#include <sys/random.h>
#include <time.h>

clockid_t linux_thread_cpu_clock(void)
{
    clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
    pthread_getcpuclockid(pthread_self(), &clock);
    return clock;
}

int64_t linux_clock_nanoseconds(clockid_t clock)
{
    struct timespec time;
    return clock_gettime(clock, &time) == 0 ? (int64_t)time.tv_sec * 1000000000 + time.tv_nsec : 0;
}

bool linux_random(void *bytes, size_t count)
{
    size_t done = 0;
    while (done < count) {
        ssize_t more = getrandom((char *)bytes + done, count - done, 0);
        if (more < 0 && errno != EINTR) {
            return false;
        }
        done += more > 0 ? (size_t)more : 0;
    }
    return true;
}
