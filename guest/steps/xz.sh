# liblzma of XZ Utils as liblzma.a, for CPython's _lzma: all filters and checks, no threads.

source "$GUEST/steps/common.sh"
use_wasm_compiler
unpack xz source
cd source

{
    for check in CRC32 CRC64 SHA256; do
        echo "#define HAVE_CHECK_$check 1"
    done
    for filter in ARM ARM64 ARMTHUMB DELTA IA64 LZMA1 LZMA2 POWERPC RISCV SPARC X86; do
        printf '#define HAVE_%s_'"$filter"' 1\n' ENCODER DECODER
    done
    for finder in BT2 BT3 BT4 HC3 HC4; do
        echo "#define HAVE_MF_$finder 1"
    done
    printf '#define HAVE_%s 1\n' ENCODERS DECODERS LZIP_DECODER STDBOOL_H STDINT_H INTTYPES_H __BUILTIN_BSWAPXX
    echo '#define NDEBUG 1'
} >config.h

# Left out: programs that print tables, the small variants, threads and what counts processors and memory.
mapfile -t files < <(find src/liblzma -name '*.c' ! -name '*_tablegen.c' ! -name '*_gen.c' ! -name '*_small.c' \
    ! -name '*_mt.c' ! -name 'outqueue.c' ! -name 'hardware_*.c' | LC_ALL=C sort)
flags='-O2 -std=gnu11 -DHAVE_CONFIG_H -DTUKLIB_SYMBOL_PREFIX=lzma_ -I. -Isrc/common'
for folder in api common check lz rangecoder lzma delta simple; do
    flags+=" -Isrc/liblzma/$folder"
done
compile_objects ../objects "$flags" "${files[@]}"

mkdir -p "$OUT"/{lib,include,licences}
"$AR" rcsD "$OUT/lib/liblzma.a" ../objects/*.o
cp -r src/liblzma/api/lzma.h src/liblzma/api/lzma "$OUT/include/"
cp COPYING.0BSD "$OUT/licences/liblzma"
