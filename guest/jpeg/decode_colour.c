// Colours of a decoded picture, from brightness and two differences to red, green and blue, with vectors: sixteen pixels at a time,
// rounded as in libjpeg's plain C.
#define JPEG_INTERNALS
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"
#include "vectors.h"

enum { AT_ONCE = 16, MOST_BYTES = 4 };

// Eight pixels: what is added to their brightness for a colour, and less the whole multiples of blue and red.
static inline v128_t
fraction(v128_t blue, v128_t red, short of_blue, short of_red)
{
    v128_t half = wasm_i32x4_splat(1 << 15);
    v128_t low = products(INTERLEAVE_LOW(blue, red), of_blue, of_red);
    v128_t high = products(INTERLEAVE_HIGH(blue, red), of_blue, of_red);
    return wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(wasm_i32x4_add(low, half), 16), wasm_i32x4_shr(wasm_i32x4_add(high, half), 16));
}

// The colours of eight pixels, each of 16 bits and not limited to those of a sample yet. Factors are in parts of 65536:
// 1.402 red is 1 + 26345; 0.71414 red is 1 - 18734; 0.34414 blue is 22554; 1.772 blue is 2 - 14942.
static inline void
colours_of_eight(v128_t brightness, v128_t blue, v128_t red, v128_t result[3])
{
    v128_t middle = wasm_i16x8_splat(CENTERJSAMPLE);
    blue = wasm_i16x8_sub(blue, middle);
    red = wasm_i16x8_sub(red, middle);
    result[0] = wasm_i16x8_add(wasm_i16x8_add(brightness, red), fraction(blue, red, 0, 26345));
    result[1] = wasm_i16x8_add(wasm_i16x8_sub(brightness, red), fraction(blue, red, -22554, 18734));
    result[2] = wasm_i16x8_add(wasm_i16x8_add(brightness, wasm_i16x8_shl(blue, 1)), fraction(blue, red, -14942, 0));
}

// Pixels of three bytes, from the three colours of each of sixteen in the order of the result.
static inline void
store_threes(JSAMPROW output, const v128_t *c)
{
    v128_t low = wasm_i8x16_shuffle(c[0], c[1], 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
    v128_t middle = wasm_i8x16_shuffle(c[0], c[1], 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
    v128_t high = wasm_i8x16_shuffle(c[0], c[1], 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
    low = wasm_i8x16_shuffle(low, c[2], 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15);
    middle = wasm_i8x16_shuffle(middle, c[2], 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15);
    high = wasm_i8x16_shuffle(high, c[2], 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31);
    wasm_v128_store(output, low);
    wasm_v128_store(output + 16, middle);
    wasm_v128_store(output + 32, high);
}

// Pixels of four bytes.
static inline void
store_fours(JSAMPROW output, const v128_t *c)
{
    for (int half = 0; half < 2; half++) {
        v128_t first, second;
        if (half == 0) {
            first = wasm_i8x16_shuffle(c[0], c[1], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            second = wasm_i8x16_shuffle(c[2], c[3], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        } else {
            first = wasm_i8x16_shuffle(c[0], c[1], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            second = wasm_i8x16_shuffle(c[2], c[3], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        wasm_v128_store(output + 32 * half, INTERLEAVE_LOW(first, second));
        wasm_v128_store(output + 32 * half + 16, INTERLEAVE_HIGH(first, second));
    }
}

// Sixteen pixels; `space` says how many bytes each has, and where its colours are among them.
static inline void
convert_sixteen(const JSAMPLE *brightness, const JSAMPLE *blue, const JSAMPLE *red, JSAMPROW output, J_COLOR_SPACE space)
{
    v128_t y = wasm_v128_load(brightness), b = wasm_v128_load(blue), r = wasm_v128_load(red);
    v128_t low[3], high[3];
    colours_of_eight(wasm_u16x8_extend_low_u8x16(y), wasm_u16x8_extend_low_u8x16(b), wasm_u16x8_extend_low_u8x16(r), low);
    colours_of_eight(wasm_u16x8_extend_high_u8x16(y), wasm_u16x8_extend_high_u8x16(b), wasm_u16x8_extend_high_u8x16(r), high);

    // A byte without a colour is full, so that it can be taken for an opaque alpha.
    v128_t full = wasm_i8x16_splat(-1), colours[MOST_BYTES] = {full, full, full, full};
    colours[rgb_red[space]] = wasm_u8x16_narrow_i16x8(low[0], high[0]);
    colours[rgb_green[space]] = wasm_u8x16_narrow_i16x8(low[1], high[1]);
    colours[rgb_blue[space]] = wasm_u8x16_narrow_i16x8(low[2], high[2]);
    if (rgb_pixelsize[space] == 3) {
        store_threes(output, colours);
    } else {
        store_fours(output, colours);
    }
}

static inline void
convert_rows(JDIMENSION width, JSAMPIMAGE input, JDIMENSION row, JSAMPARRAY output, int count, J_COLOR_SPACE space)
{
    for (; count > 0; count--, row++, output++) {
        const JSAMPLE *brightness = input[0][row], *blue = input[1][row], *red = input[2][row];
        JDIMENSION column = 0;
        for (; column + AT_ONCE <= width; column += AT_ONCE) {
            convert_sixteen(brightness + column, blue + column, red + column, *output + column * rgb_pixelsize[space], space);
        }
        if (column < width) {
            // Rows of samples are allocated in multiples of 64, those of the result are as long as they are.
            JSAMPLE last[AT_ONCE * MOST_BYTES];
            convert_sixteen(brightness + column, blue + column, red + column, last, space);
            memcpy(*output + column * rgb_pixelsize[space], last, (width - column) * rgb_pixelsize[space]);
        }
    }
}

GLOBAL(int)
jsimd_can_ycc_rgb(void)
{
    return 1;
}

GLOBAL(void)
jsimd_ycc_rgb_convert(j_decompress_ptr cinfo, JSAMPIMAGE input, JDIMENSION row, JSAMPARRAY output, int count)
{
    // The two that Pillow asks for are compiled for themselves.
    if (cinfo->out_color_space == JCS_RGB) {
        convert_rows(cinfo->output_width, input, row, output, count, JCS_RGB);
    } else if (cinfo->out_color_space == JCS_EXT_RGBX) {
        convert_rows(cinfo->output_width, input, row, output, count, JCS_EXT_RGBX);
    } else {
        convert_rows(cinfo->output_width, input, row, output, count, cinfo->out_color_space);
    }
}
