// What several of these files do with vectors of eight numbers of 16 bits. Included after libjpeg's headers.
#pragma once
#include <wasm_simd128.h>

#define INTERLEAVE_LOW(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

// x * a + y * b of four pairs (x, y), in 32 bits.
static inline v128_t
products(v128_t pairs, short a, short b)
{
    return wasm_i32x4_dot_i16x8(pairs, wasm_i16x8_make(a, b, a, b, a, b, a, b));
}

// The upper halves of eight products.
static inline v128_t
high_product(v128_t a, v128_t b)
{
    return wasm_i16x8_shuffle(
        wasm_u32x4_extmul_low_u16x8(a, b), wasm_u32x4_extmul_high_u16x8(a, b), 1, 3, 5, 7, 9, 11, 13, 15);
}

// Rows of a block become columns: three times, each row is interleaved with the one four below.
static inline void
transpose(v128_t rows[8])
{
    for (int round = 0; round < 3; round++) {
        v128_t mixed[8];
        for (int row = 0; row < 4; row++) {
            mixed[2 * row] = INTERLEAVE_LOW(rows[row], rows[row + 4]);
            mixed[2 * row + 1] = INTERLEAVE_HIGH(rows[row], rows[row + 4]);
        }
        for (int row = 0; row < 8; row++) {
            rows[row] = mixed[row];
        }
    }
}
