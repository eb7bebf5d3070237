// Copies of a few bytes as loads and stores. WebAssembly's instruction for copies leaves the sandbox's code for the host's C library,
// which costs more than most copies of a program: strings and lists of arguments are short. CPython is compiled to call these.
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wasm_simd128.h>

typedef uint64_t any64 __attribute__((aligned(1), may_alias));
typedef uint32_t any32 __attribute__((aligned(1), may_alias));
typedef uint16_t any16 __attribute__((aligned(1), may_alias));

// The first and the last so many bytes; they meet or overlap. All is loaded before anything is stored, so the two places may overlap.
#define COPY_ENDS(type)                                                                                                                    \
    do {                                                                                                                                   \
        type first = *(const type *)source, last = *(const type *)(source + count - sizeof(type));                                         \
        *(type *)target = first;                                                                                                           \
        *(type *)(target + count - sizeof(type)) = last;                                                                                   \
    } while (0)

static inline void
copy(char *target, const char *source, size_t count)
{
    if (count > 64) {
        __builtin_memmove(target, source, count);
    } else if (count > 32) {
        v128_t first = wasm_v128_load(source), second = wasm_v128_load(source + 16);
        v128_t third = wasm_v128_load(source + count - 32), last = wasm_v128_load(source + count - 16);
        wasm_v128_store(target, first);
        wasm_v128_store(target + 16, second);
        wasm_v128_store(target + count - 32, third);
        wasm_v128_store(target + count - 16, last);
    } else if (count > 16) {
        v128_t first = wasm_v128_load(source), last = wasm_v128_load(source + count - 16);
        wasm_v128_store(target, first);
        wasm_v128_store(target + count - 16, last);
    } else if (count >= 8) {
        COPY_ENDS(any64);
    } else if (count >= 4) {
        COPY_ENDS(any32);
    } else if (count >= 2) {
        COPY_ENDS(any16);
    } else if (count == 1) {
        *target = *source;
    }
}

void *
memmove(void *to, const void *from, size_t count)
{
    copy(to, from, count);
    return to;
}

void *
memcpy(void *restrict to, const void *restrict from, size_t count)
{
    copy(to, from, count);
    return to;
}
