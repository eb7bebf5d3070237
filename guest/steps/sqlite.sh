# SQLite as libsqlite3.a, for CPython's _sqlite3: with full-text search, without threads, extensions loaded from files and
# write-ahead logs, which need shared memory.

source "$GUEST/steps/common.sh"
use_wasm_compiler
unpack sqlite source
cd source

# All of it in one file, as its makers advise; its own scripts put it together.
make -f Makefile.linux-gcc TOP="$PWD" sqlite3.c

# A database file has one user, the call whose /tmp it lies in: no locks ("unix-none"; WASI has none).
compile_objects ../objects "-O2 -DNDEBUG -DSQLITE_WASI -DSQLITE_DEFAULT_UNIX_VFS='\"unix-none\"' -DSQLITE_THREADSAFE=0 \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_WAL -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_TEMP_STORE=2 -DSQLITE_DQS=0 \
    -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_DEFAULT_MEMSTATUS=0 \
    -DHAVE_USLEEP -DHAVE_GMTIME_R -DHAVE_LOCALTIME_R" sqlite3.c

mkdir -p "$OUT"/{lib,include,licences}
"$AR" rcsD "$OUT/lib/libsqlite3.a" ../objects/*.o
cp sqlite3.h "$OUT/include/"
cp LICENSE.md "$OUT/licences/sqlite"
