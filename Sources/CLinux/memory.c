#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// linux/fs.h, since 6.7.
struct scan_arguments {
    uint64_t size, flags, start, end, walk_end, regions, region_count, maximum_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
_Static_assert(sizeof(struct scan_arguments) == 96, "struct pm_scan_arg");
_Static_assert(sizeof(linux_page_region) == 24, "struct page_region");
#define SCAN_PAGES _IOWR('f', 16, struct scan_arguments)
enum { PAGE_OF_FILE = 1 << 2, PAGE_PRESENT = 1 << 3, PAGE_SWAPPED = 1 << 4, PAGE_OF_ZEROS = 1 << 5 };

long linux_private_pages(int pagemap, uint64_t start, uint64_t end, linux_page_region *regions, size_t capacity,
                         uint64_t *scanned_to)
{
    struct scan_arguments arguments = {
        .size = sizeof arguments,
        .start = start,
        .end = end,
        .regions = (uint64_t)(uintptr_t)regions,
        .region_count = capacity,
        .category_inverted = PAGE_OF_FILE | PAGE_OF_ZEROS,
        .category_mask = PAGE_OF_FILE | PAGE_OF_ZEROS,
        .category_anyof_mask = PAGE_PRESENT | PAGE_SWAPPED,
        .return_mask = PAGE_SWAPPED,
    };
    long found = ioctl(pagemap, SCAN_PAGES, &arguments);
    if (found < 0) {
        return -errno;
    }
    *scanned_to = arguments.walk_end;
    return found;
}

bool linux_has_pagemap_scan(void)
{
    int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pagemap < 0) {
        return false;
    }
    static char page[1];
    linux_page_region region;
    uint64_t scanned_to = 0;
    uint64_t start = (uint64_t)(uintptr_t)page & ~(uint64_t)4095;
    bool works = linux_private_pages(pagemap, start, start + 4096, &region, 1, &scanned_to) >= 0;
    close(pagemap);
    return works;
}

uint64_t linux_thread_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

bool linux_forbid_huge_pages(void)
{
    return prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0;
}

int linux_memory_file(const char *name)
{
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return descriptor < 0 ? -errno : descriptor;
}

int linux_seal(int descriptor)
{
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    return fcntl(descriptor, F_ADD_SEALS, seals) < 0 ? -errno : 0;
}

int linux_seal_for_readers(int descriptor)
{
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
    return fcntl(descriptor, F_ADD_SEALS, seals) < 0 ? -errno : 0;
}
