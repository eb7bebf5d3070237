// zlib is linked: it is on every Debian. liblzma and libzstd are looked for when they are first needed, so that the program
// neither needs them to start nor their headers to be built; the two functions of each that are used have a stable ABI.
#include "unpack.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <zlib.h>

static long inflate_whole(const void *source, size_t count, void *target, size_t capacity, int window)
{
    if (count > UINT_MAX || capacity > UINT_MAX) return UNPACK_DAMAGED;
    // zlib wants a place to write even where nothing is to be written.
    unsigned char nothing;
    z_stream stream = {
        .next_in = (Bytef *)source,
        .avail_in = (uInt)count,
        .next_out = capacity ? target : &nothing,
        .avail_out = (uInt)capacity,
    };
    if (inflateInit2(&stream, window) != Z_OK) return UNPACK_DAMAGED;
    int result = inflate(&stream, Z_FINISH);
    long written = (long)stream.total_out;
    inflateEnd(&stream);
    return result == Z_STREAM_END ? written : UNPACK_DAMAGED;
}

long unpack_deflate(const void *source, size_t count, void *target, size_t capacity)
{
    return inflate_whole(source, count, target, capacity, -MAX_WBITS);
}

long unpack_zlib(const void *source, size_t count, void *target, size_t capacity)
{
    return inflate_whole(source, count, target, capacity, MAX_WBITS);
}

uint32_t unpack_crc32(const void *bytes, size_t count)
{
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, count);
}

typedef int xz_decode(uint64_t *, uint32_t, const void *, const uint8_t *, size_t *, size_t, uint8_t *, size_t *, size_t);
typedef size_t zstd_decode(void *, size_t, const void *, size_t);
typedef unsigned zstd_failed(size_t);

static struct {
    xz_decode *xz;
    zstd_decode *zstd;
    zstd_failed *zstd_failed;
} libraries;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
    void *xz = dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL);
    if (xz) libraries.xz = (xz_decode *)dlsym(xz, "lzma_stream_buffer_decode");
    void *zstd = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    if (zstd) {
        libraries.zstd_failed = (zstd_failed *)dlsym(zstd, "ZSTD_isError");
        libraries.zstd = (zstd_decode *)dlsym(zstd, "ZSTD_decompress");
    }
}

long unpack_xz(const void *source, size_t count, void *target, size_t capacity)
{
    pthread_once(&once, load);
    if (!libraries.xz) return UNPACK_MISSING;
    uint64_t memory = 64 << 20;
    size_t read = 0, written = 0;
    int result = libraries.xz(&memory, 0, NULL, source, &read, count, target, &written, capacity);
    return result == 0 ? (long)written : UNPACK_DAMAGED;
}

long unpack_zstd(const void *source, size_t count, void *target, size_t capacity)
{
    pthread_once(&once, load);
    if (!libraries.zstd || !libraries.zstd_failed) return UNPACK_MISSING;
    size_t result = libraries.zstd(target, capacity, source, count);
    return libraries.zstd_failed(result) ? UNPACK_DAMAGED : (long)result;
}
