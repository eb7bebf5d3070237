# zlib as libz.a.

source "$GUEST/steps/common.sh"
use_wasm_compiler
unpack zlib source
cd source

# All of the library except its gz* file layer, which nothing in CPython or Pillow uses.
compile_objects ../objects '-O3 -DHAVE_UNISTD_H -DHAVE_STDARG_H -DHAVE_HIDDEN' \
    adler32.c compress.c crc32.c deflate.c infback.c inffast.c inflate.c inftrees.c trees.c uncompr.c zutil.c

mkdir -p "$OUT"/{lib,include,licences}
"$AR" rcsD "$OUT/lib/libz.a" ../objects/*.o
cp zlib.h zconf.h "$OUT/include/"
cp LICENSE "$OUT/licences/zlib"
