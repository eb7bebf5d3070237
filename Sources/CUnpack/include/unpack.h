// Unpacks one block of compressed bytes into a buffer of known size. Nothing is ever written behind the buffer's end.
#ifndef SWIFTLET_UNPACK_H
#define SWIFTLET_UNPACK_H

#include <stddef.h>
#include <stdint.h>

enum {
    // The source is damaged, or is longer than the target when unpacked.
    UNPACK_DAMAGED = -1,
    // The library for this format is not installed.
    UNPACK_MISSING = -2,
};

// Each returns how many bytes it wrote, or one of the numbers above.
long unpack_deflate(const void *source, size_t count, void *target, size_t capacity);
long unpack_zlib(const void *source, size_t count, void *target, size_t capacity);
long unpack_xz(const void *source, size_t count, void *target, size_t capacity);
long unpack_zstd(const void *source, size_t count, void *target, size_t capacity);

// The checksum that zip archives and gzip use.
uint32_t unpack_crc32(const void *bytes, size_t count);

#endif
