// Colours of a picture to encode, from red, green and blue to brightness and two differences, with vectors: sixteen pixels at a
// time, rounded as in libjpeg's plain C.
#define JPEG_INTERNALS
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"
#include "vectors.h"

enum { AT_ONCE = 16, MOST_BYTES = 4 };

static inline v128_t
rounded(v128_t low, v128_t high, int half)
{
    v128_t halves = wasm_i32x4_splat(half);
    return wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(wasm_i32x4_add(low, halves), 16), wasm_i32x4_shr(wasm_i32x4_add(high, halves), 16));
}

// Eight pixels: brightness, blue and red difference. Factors are in parts of 65536. What does not fit in 16 bits comes in two
// parts (0.587 green is 22086 + 16384) or with the other sign and subtracted (a half is 32768).
static inline void
convert_eight(v128_t red, v128_t green, v128_t blue, v128_t result[3])
{
    v128_t rg[2] = {INTERLEAVE_LOW(red, green), INTERLEAVE_HIGH(red, green)};
    v128_t gb[2] = {INTERLEAVE_LOW(green, blue), INTERLEAVE_HIGH(green, blue)};
    v128_t brightness[2], blueness[2], redness[2];
    for (int half = 0; half < 2; half++) {
        brightness[half] = wasm_i32x4_add(products(rg[half], 19595, 22086), products(gb[half], 16384, 7471));
        blueness[half] = wasm_i32x4_sub(products(rg[half], -11059, -21709), products(gb[half], 0, -32768));
        redness[half] = wasm_i32x4_sub(products(gb[half], -27439, -5329), products(rg[half], -32768, 0));
    }
    // Differences lie around the middle; the greatest must not become one too much.
    int middle = (CENTERJSAMPLE << 16) + (1 << 15) - 1;
    result[0] = rounded(brightness[0], brightness[1], 1 << 15);
    result[1] = rounded(blueness[0], blueness[1], middle);
    result[2] = rounded(redness[0], redness[1], middle);
}

// The three bytes of each of sixteen pixels, apart.
static inline void
load_threes(const JSAMPLE *input, v128_t c[3])
{
    v128_t low = wasm_v128_load(input), middle = wasm_v128_load(input + 16), high = wasm_v128_load(input + 32);
    c[0] = wasm_i8x16_shuffle(low, middle, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0);
    c[1] = wasm_i8x16_shuffle(low, middle, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0);
    c[2] = wasm_i8x16_shuffle(low, middle, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0);
    c[0] = wasm_i8x16_shuffle(c[0], high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
    c[1] = wasm_i8x16_shuffle(c[1], high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
    c[2] = wasm_i8x16_shuffle(c[2], high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
}

// The four bytes of each.
static inline void
load_fours(const JSAMPLE *input, v128_t c[4])
{
    v128_t pairs[4];
    for (int half = 0; half < 2; half++) {
        v128_t first = wasm_v128_load(input + 32 * half), second = wasm_v128_load(input + 32 * half + 16);
        pairs[half] = wasm_i8x16_shuffle(first, second, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
        pairs[half + 2] = wasm_i8x16_shuffle(first, second, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    }
    for (int two = 0; two < 2; two++) {
        c[2 * two] = wasm_i64x2_shuffle(pairs[2 * two], pairs[2 * two + 1], 0, 2);
        c[2 * two + 1] = wasm_i64x2_shuffle(pairs[2 * two], pairs[2 * two + 1], 1, 3);
    }
}

// Sixteen pixels; `space` says how many bytes each has, and where its colours are among them.
static inline void
convert_sixteen(const JSAMPLE *input, JSAMPLE *brightness, JSAMPLE *blueness, JSAMPLE *redness, J_COLOR_SPACE space)
{
    v128_t colours[MOST_BYTES], low[3], high[3];
    if (rgb_pixelsize[space] == 3) {
        load_threes(input, colours);
    } else {
        load_fours(input, colours);
    }
    v128_t red = colours[rgb_red[space]], green = colours[rgb_green[space]], blue = colours[rgb_blue[space]];
    convert_eight(wasm_u16x8_extend_low_u8x16(red), wasm_u16x8_extend_low_u8x16(green), wasm_u16x8_extend_low_u8x16(blue), low);
    convert_eight(wasm_u16x8_extend_high_u8x16(red), wasm_u16x8_extend_high_u8x16(green), wasm_u16x8_extend_high_u8x16(blue), high);
    wasm_v128_store(brightness, wasm_u8x16_narrow_i16x8(low[0], high[0]));
    wasm_v128_store(blueness, wasm_u8x16_narrow_i16x8(low[1], high[1]));
    wasm_v128_store(redness, wasm_u8x16_narrow_i16x8(low[2], high[2]));
}

static inline void
convert_rows(JDIMENSION width, JSAMPARRAY input, JSAMPIMAGE output, JDIMENSION row, int count, J_COLOR_SPACE space)
{
    for (; count > 0; count--, row++, input++) {
        JSAMPLE *brightness = output[0][row], *blueness = output[1][row], *redness = output[2][row];
        JDIMENSION column = 0;
        for (; column + AT_ONCE <= width; column += AT_ONCE) {
            convert_sixteen(*input + column * rgb_pixelsize[space], brightness + column, blueness + column, redness + column, space);
        }
        if (column < width) {
            // Rows of samples are allocated in multiples of 64, those of the picture are as long as they are.
            JSAMPLE last[AT_ONCE * MOST_BYTES] = {0};
            memcpy(last, *input + column * rgb_pixelsize[space], (width - column) * rgb_pixelsize[space]);
            convert_sixteen(last, brightness + column, blueness + column, redness + column, space);
        }
    }
}

GLOBAL(int)
jsimd_can_rgb_ycc(void)
{
    return 1;
}

GLOBAL(void)
jsimd_rgb_ycc_convert(j_compress_ptr cinfo, JSAMPARRAY input, JSAMPIMAGE output, JDIMENSION row, int count)
{
    // What Pillow hands over is compiled for itself.
    if (cinfo->in_color_space == JCS_RGB) {
        convert_rows(cinfo->image_width, input, output, row, count, JCS_RGB);
    } else {
        convert_rows(cinfo->image_width, input, output, row, count, cinfo->in_color_space);
    }
}
