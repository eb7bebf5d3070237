// Differences of colour that a picture has at half of the resolution, brought to the full one ("fancy upsampling"), with vectors:
// the same samples as libjpeg's plain C. Each result is 3/4 of the nearer sample and 1/4 of the next, in each direction.
#define JPEG_INTERNALS
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"
#include "vectors.h"

enum { AT_ONCE = 8 };

// 3/4 and 1/4 of eight samples of two rows, in quarters.
static inline v128_t
quarters_of_eight(const JSAMPLE *near, const JSAMPLE *far)
{
    return wasm_i16x8_add(wasm_i16x8_mul(wasm_u16x8_load8x8(near), wasm_i16x8_splat(3)), wasm_u16x8_load8x8(far));
}

static inline int
quarters(const JSAMPLE *near, const JSAMPLE *far, JDIMENSION column)
{
    return near[column] * 3 + far[column];
}

// Two samples from one, from it and its neighbours in quarters. What is added before the sixteenths are dropped differs for the two.
static inline void
spread(JSAMPROW output, int last, int here, int next, int left, int right)
{
    output[0] = (JSAMPLE)((here * 3 + last + left) >> 4);
    output[1] = (JSAMPLE)((here * 3 + next + right) >> 4);
}

// A row of the result: twice as many samples as `near` has. The next row of samples is `far`.
static inline void
widen(const JSAMPLE *near, const JSAMPLE *far, JSAMPROW output, JDIMENSION width, short left, short right)
{
    spread(output, quarters(near, far, 0), quarters(near, far, 0), quarters(near, far, 1), left, right);
    JDIMENSION column = 1;
    for (; column + AT_ONCE < width; column += AT_ONCE) {
        v128_t here = wasm_i16x8_mul(quarters_of_eight(near + column, far + column), wasm_i16x8_splat(3));
        v128_t last = quarters_of_eight(near + column - 1, far + column - 1);
        v128_t next = quarters_of_eight(near + column + 1, far + column + 1);
        v128_t even = wasm_u16x8_shr(wasm_i16x8_add(wasm_i16x8_add(here, last), wasm_i16x8_splat(left)), 4);
        v128_t odd = wasm_u16x8_shr(wasm_i16x8_add(wasm_i16x8_add(here, next), wasm_i16x8_splat(right)), 4);
        wasm_v128_store(output + 2 * column, wasm_v128_or(even, wasm_i16x8_shl(odd, 8)));
    }
    for (; column < width; column++) {
        int here = quarters(near, far, column), last = quarters(near, far, column - 1);
        spread(output + 2 * column, last, here, column + 1 < width ? quarters(near, far, column + 1) : here, left, right);
    }
}

GLOBAL(int)
jsimd_can_h2v1_fancy_upsample(void)
{
    return 1;
}

GLOBAL(int)
jsimd_can_h2v2_fancy_upsample(void)
{
    return 1;
}

GLOBAL(void)
jsimd_h2v1_fancy_upsample(j_decompress_ptr cinfo, jpeg_component_info *component, JSAMPARRAY input, JSAMPARRAY *output)
{
    for (int row = 0; row < cinfo->max_v_samp_factor; row++) {
        widen(input[row], input[row], (*output)[row], component->downsampled_width, 4, 8);
    }
}

GLOBAL(void)
jsimd_h2v2_fancy_upsample(j_decompress_ptr cinfo, jpeg_component_info *component, JSAMPARRAY input, JSAMPARRAY *output)
{
    for (int row = 0; row < cinfo->max_v_samp_factor; row++) {
        JSAMPARRAY near = input + row / 2;
        widen(near[0], near[row % 2 == 0 ? -1 : 1], (*output)[row], component->downsampled_width, 8, 7);
    }
}
