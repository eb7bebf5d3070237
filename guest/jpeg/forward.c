// From the samples of a block of 8x8 to its frequencies ("islow") and their division by the table of the chosen quality, with
// vectors: the same numbers as libjpeg's plain C.
#define JPEG_INTERNALS
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"
#include "jdct.h"
#include "jsimddct.h"
#include "cosine.h"

// Four columns, of sums of rows (0, 1), differences of sums (2, 3), and differences of rows (4, 5) and (6, 7).
static inline void
transform_half(v128_t sums, v128_t differences, v128_t pairs45, v128_t pairs67, v128_t result[8])
{
    v128_t odd[4];
    odd_half(pairs45, pairs67, odd);
    result[0] = products(sums, 1 << FACTOR_BITS, 1 << FACTOR_BITS);
    result[2] = products(differences, 4433, 10703);
    result[4] = products(sums, 1 << FACTOR_BITS, -(1 << FACTOR_BITS));
    result[6] = products(differences, -10704, 4433);
    for (int row = 0; row < 4; row++) {
        result[2 * row + 1] = odd[row];
    }
}

// Eight columns in place; drops so many bits.
static inline void
transform(v128_t rows[8], int bits)
{
    v128_t sums[4], apart[4];
    for (int row = 0; row < 4; row++) {
        sums[row] = wasm_i16x8_add(rows[row], rows[7 - row]);
        apart[row] = wasm_i16x8_sub(rows[row], rows[7 - row]);
    }
    v128_t even0 = wasm_i16x8_add(sums[0], sums[3]), even1 = wasm_i16x8_add(sums[1], sums[2]);
    v128_t even2 = wasm_i16x8_sub(sums[1], sums[2]), even3 = wasm_i16x8_sub(sums[0], sums[3]);
    v128_t low[8], high[8];
    transform_half(
        INTERLEAVE_LOW(even0, even1), INTERLEAVE_LOW(even2, even3), INTERLEAVE_LOW(apart[3], apart[2]),
        INTERLEAVE_LOW(apart[1], apart[0]), low);
    transform_half(
        INTERLEAVE_HIGH(even0, even1), INTERLEAVE_HIGH(even2, even3), INTERLEAVE_HIGH(apart[3], apart[2]),
        INTERLEAVE_HIGH(apart[1], apart[0]), high);
    for (int row = 0; row < 8; row++) {
        rows[row] = rounded(low[row], high[row], bits);
    }
}

GLOBAL(int)
jsimd_can_convsamp(void)
{
    return 1;
}

GLOBAL(int)
jsimd_can_fdct_islow(void)
{
    return 1;
}

GLOBAL(int)
jsimd_can_quantize(void)
{
    return 1;
}

GLOBAL(void)
jsimd_convsamp(JSAMPARRAY samples, JDIMENSION column, DCTELEM *block)
{
    for (int row = 0; row < 8; row++) {
        v128_t wide = wasm_u16x8_load8x8(samples[row] + column);
        wasm_v128_store(block + 8 * row, wasm_i16x8_sub(wide, wasm_i16x8_splat(CENTERJSAMPLE)));
    }
}

GLOBAL(void)
jsimd_fdct_islow(DCTELEM *block)
{
    v128_t rows[8];
    for (int row = 0; row < 8; row++) {
        rows[row] = wasm_v128_load(block + 8 * row);
    }
    transpose(rows);
    transform(rows, FACTOR_BITS - BETWEEN_BITS);
    transpose(rows);
    transform(rows, FACTOR_BITS + BETWEEN_BITS);
    for (int row = 0; row < 8; row++) {
        wasm_v128_store(block + 8 * row, rows[row]);
    }
}

// `divisors` has four numbers for each of 64: its reciprocal, what is added before, and what to multiply by after that, each time
// keeping the upper half; the fourth is for the plain C.
GLOBAL(void)
jsimd_quantize(JCOEFPTR coefficients, DCTELEM *divisors, DCTELEM *block)
{
    for (int index = 0; index < DCTSIZE2; index += 8) {
        v128_t value = wasm_v128_load(block + index);
        v128_t sign = wasm_i16x8_shr(value, 15);
        v128_t size = wasm_i16x8_add(wasm_i16x8_abs(value), wasm_v128_load(divisors + DCTSIZE2 + index));
        size = high_product(size, wasm_v128_load(divisors + index));
        size = high_product(size, wasm_v128_load(divisors + 2 * DCTSIZE2 + index));
        wasm_v128_store(coefficients + index, wasm_i16x8_sub(wasm_v128_xor(size, sign), sign));
    }
}
