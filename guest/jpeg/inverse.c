// From the frequencies of a block of 8x8 to its samples, with vectors: the same samples as libjpeg's plain C ("islow").
#define JPEG_INTERNALS
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"
#include "jdct.h"
#include "jsimddct.h"
#include "cosine.h"

// Four columns, of pairs of rows (0, 4), (2, 6), (7, 5) and (3, 1).
static inline void
transform_half(v128_t pairs04, v128_t pairs26, v128_t pairs75, v128_t pairs31, v128_t result[8])
{
    v128_t sum = products(pairs04, 1 << FACTOR_BITS, 1 << FACTOR_BITS);
    v128_t difference = products(pairs04, 1 << FACTOR_BITS, -(1 << FACTOR_BITS));
    v128_t outer = products(pairs26, 10703, 4433), inner = products(pairs26, 4433, -10704);
    v128_t even[4] = {
        wasm_i32x4_add(sum, outer),
        wasm_i32x4_add(difference, inner),
        wasm_i32x4_sub(difference, inner),
        wasm_i32x4_sub(sum, outer),
    };
    v128_t odd[4];
    odd_half(pairs75, pairs31, odd);
    for (int row = 0; row < 4; row++) {
        result[row] = wasm_i32x4_add(even[row], odd[row]);
        result[7 - row] = wasm_i32x4_sub(even[row], odd[row]);
    }
}

// Eight columns in place; drops so many bits.
static inline void
transform(v128_t rows[8], int bits)
{
    v128_t low[8], high[8];
    transform_half(
        INTERLEAVE_LOW(rows[0], rows[4]), INTERLEAVE_LOW(rows[2], rows[6]), INTERLEAVE_LOW(rows[7], rows[5]),
        INTERLEAVE_LOW(rows[3], rows[1]), low);
    transform_half(
        INTERLEAVE_HIGH(rows[0], rows[4]), INTERLEAVE_HIGH(rows[2], rows[6]), INTERLEAVE_HIGH(rows[7], rows[5]),
        INTERLEAVE_HIGH(rows[3], rows[1]), high);
    for (int row = 0; row < 8; row++) {
        rows[row] = rounded(low[row], high[row], bits);
    }
}

GLOBAL(int)
jsimd_can_idct_islow(void)
{
    return 1;
}

GLOBAL(void)
jsimd_idct_islow(j_decompress_ptr cinfo, jpeg_component_info *component, JCOEFPTR block, JSAMPARRAY output, JDIMENSION column)
{
    (void)cinfo;
    const ISLOW_MULT_TYPE *steps = component->dct_table;
    v128_t rows[8];
    for (int row = 0; row < 8; row++) {
        rows[row] = wasm_i16x8_mul(wasm_v128_load(block + 8 * row), wasm_v128_load(steps + 8 * row));
    }
    transform(rows, FACTOR_BITS - BETWEEN_BITS);
    transpose(rows);
    // Each of the two passes makes its results larger by the root of eight.
    transform(rows, FACTOR_BITS + BETWEEN_BITS + 3);
    transpose(rows);
    for (int row = 0; row < 8; row += 2) {
        // Samples lie around zero so far; they end up around the middle.
        v128_t samples = wasm_i8x16_narrow_i16x8(rows[row], rows[row + 1]);
        samples = wasm_i8x16_add(samples, wasm_i8x16_splat((signed char)CENTERJSAMPLE));
        wasm_v128_store64_lane(output[row] + column, samples, 0);
        wasm_v128_store64_lane(output[row + 1] + column, samples, 1);
    }
}
