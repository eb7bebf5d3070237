# bzip2 as libbz2.a, for CPython's _bz2.

source "$GUEST/steps/common.sh"
use_wasm_compiler
unpack bzip2 source
cd source

compile_objects ../objects '-O2 -Wno-unused-value' blocksort.c bzlib.c compress.c crctable.c decompress.c huffman.c randtable.c

mkdir -p "$OUT"/{lib,include,licences}
"$AR" rcsD "$OUT/lib/libbz2.a" ../objects/*.o
cp bzlib.h "$OUT/include/"
cp LICENSE "$OUT/licences/bzip2"
