// The factors of the cosine transforms "islow", in both directions. What libjpeg computes with few multiplications (after Loeffler,
// Ligtenberg and Moschytz) is multiplied out, because one instruction does eight of them: each result is a sum of products.
#pragma once
#include "vectors.h"

// Bits behind the point of the factors, and of what the first pass leaves for the second.
enum { FACTOR_BITS = 13, BETWEEN_BITS = 2 };

// The odd half, of pairs (7, 5) and (3, 1): four results, numbers 1, 3, 5 and 7. The matrix is symmetric.
static inline void
odd_half(v128_t pairs75, v128_t pairs31, v128_t result[4])
{
    result[0] = wasm_i32x4_add(products(pairs75, 2260, 6437), products(pairs31, 9633, 11363));
    result[1] = wasm_i32x4_add(products(pairs75, -6436, -11362), products(pairs31, -2259, 9633));
    result[2] = wasm_i32x4_add(products(pairs75, 9633, 2261), products(pairs31, -11362, 6437));
    result[3] = wasm_i32x4_add(products(pairs75, -11363, 9633), products(pairs31, -6436, 2260));
}

// Drops so many bits, rounded, of eight numbers and makes 16 bits of them.
static inline v128_t
rounded(v128_t low, v128_t high, int bits)
{
    v128_t half = wasm_i32x4_splat(1 << (bits - 1));
    return wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(wasm_i32x4_add(low, half), bits), wasm_i32x4_shr(wasm_i32x4_add(high, half), bits));
}
