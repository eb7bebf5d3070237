# CPython as libpython3.13.a for wasm32-wasip1, with every module that builds there linked in.

source "$GUEST/steps/common.sh"
use_wasm_compiler
unpack python source
cd source
python3 "$GUEST/steps/random_lives.py" Modules/_randommodule.c
python3 "$GUEST/steps/one_entry.py" Modules/_sre/sre_lib.h
zlib=$(stage_dir zlib) bzip2=$(stage_dir bzip2) xz=$(stage_dir xz) sqlite=$(stage_dir sqlite)

# -fno-wrapv-pointer: CPython's -fno-strict-overflow defines the overflow of integers and of addresses. With the latter every
# field of a structure costs an addition, because the offset may not go into WebAssembly's loads and stores.
# -mno-bulk-memory: copies are calls of ours (../src/copy.c), for the sake of the short ones.
# --with-pymalloc: configure leaves CPython's allocator for small objects out on WASI; with malloc alone each costs far more.
./configure -C \
    --host=wasm32-unknown-wasip1 --build="$(CC=cc ./config.guess)" --with-build-python="$(stage_dir native-python)/python" \
    --prefix=/ --disable-test-modules --without-ensurepip --with-pymalloc \
    CONFIG_SITE=Tools/wasm/config.site-wasm32-wasi \
    PKG_CONFIG=/bin/false \
    OPT='-DNDEBUG -O2 -fwrapv -fno-wrapv-pointer -mno-bulk-memory -mno-bulk-memory-opt' \
    LDFLAGS='-Wl,--stack-first -Wl,-z,stack-size=8388608 -Wl,--lto-O0' \
    ZLIB_CFLAGS="-I$zlib/include" ZLIB_LIBS="-L$zlib/lib -lz" \
    BZIP2_CFLAGS="-I$bzip2/include" BZIP2_LIBS="-L$bzip2/lib -lbz2" \
    LIBLZMA_CFLAGS="-I$xz/include" LIBLZMA_LIBS="-L$xz/lib -llzma" \
    LIBSQLITE3_CFLAGS="-I$sqlite/include" LIBSQLITE3_LIBS="-L$sqlite/lib -lsqlite3"
# The interpreter's own objects are optimised across files, when python.wasm is linked; the link in this tree is not used.
# What ran often in training/ decides what is inlined, and which functions called through pointers get a direct call beside.
# Not in the loop over instructions: the linker's optimiser then needs gigabytes and does not end (README.md). The one of the regular
# expressions is faster without it (README.md).
cat >>Makefile <<MAKE
PROFILE = -fprofile-instr-use=$(stage_dir profile)/python.profdata -mllvm -enable-value-profiling \\
    -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date
MAKE
cat >>Makefile <<'MAKE'
PY_CORE_CFLAGS += $(PROFILE)
PY_STDMODULE_CFLAGS += $(PROFILE)
Python/ceval.o Modules/_sre/%.o: PROFILE =
Python/%.o Objects/%.o: PY_CORE_CFLAGS += -flto
Modules/_json.o: PY_STDMODULE_CFLAGS += -flto
Modules/_sre/%.o: PY_STDMODULE_CFLAGS += -O3
MAKE
make -j "$JOBS" all

# What the link, the recipes and the standard library need of the tree, without the sources.
mkdir -p "$OUT"/{lib,include,licences}
cp libpython3.13.a "$OUT/lib/"
# Libraries that modules bring along; the makefile names them.
mapfile -t bundled < <(find Modules -name '*.a' | LC_ALL=C sort)
[[ ${#bundled[@]} -ge 3 ]] || die "expected libmpdec, libexpat and libHacl among CPython's libraries, found: ${bundled[*]}"
cp "${bundled[@]}" "$OUT/lib/"
cp -r Include/. "$OUT/include/"
cp pyconfig.h "$OUT/include/"
cp -r Lib "$OUT/Lib"
rm -rf "$OUT"/Lib/test
# The build's settings, as sysconfig shows them, without this machine's folders.
sed "s#$PWD#/usr/src/python#g; s#$STAGES#/usr/src/stages#g; s#${PWD%/*}#/usr/src#g" build/lib.wasi-wasm32-3.13/_sysconfigdata_*.py \
    >"$OUT/Lib/$(basename build/lib.wasi-wasm32-3.13/_sysconfigdata_*.py)"
# The modules inside, for manifest.json.
sed -n 's/^    {"\([^"]*\)", .*/\1/p' Modules/config.c | LC_ALL=C sort >"$OUT/modules"
cp LICENSE "$OUT/licences/python"
cp Doc/license.rst "$OUT/licences/python-incorporated-software"
cp Modules/expat/COPYING "$OUT/licences/expat"

# Known answers: the modules a user's function counts on are in.
for module in _decimal _json _struct math pyexpat unicodedata zlib _bz2 _lzma _sqlite3 _sha2 _md5 _blake2 _random _elementtree \
    _datetime; do
    grep -qx "$module" "$OUT/modules" || die "module $module was not built; see 'checking for stdlib extension module' in the log"
done
