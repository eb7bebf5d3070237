# How often plain Python runs which line of CPython: CPython for this machine with counters in it runs training/.
#
# The counters belong to lines of source, so a build for another machine can use them. Settings that choose lines are those of
# the WebAssembly build: no computed gotos, digits of 15 bits. Modules that need other libraries are left out.

source "$GUEST/steps/common.sh"
unpack python source
cd source
export LLVM_PROFILE_FILE=/dev/null PATH="/usr/lib/llvm-$llvm_version/bin:$PATH"

absent=(_bz2 _ctypes _curses _curses_panel _dbm _gdbm _hashlib _lzma _sqlite3 _ssl _tkinter _uuid readline zlib)
modules_without=("${absent[@]/#/py_cv_module_}")
modules_without=("${modules_without[@]/%/=n/a}")
./configure CC="clang-$llvm_version" --without-ensurepip --disable-test-modules --with-pymalloc \
    --without-computed-gotos --enable-big-digits=15 PKG_CONFIG=/bin/false MODULE_BUILDTYPE=static \
    "${modules_without[@]}" OPT='-DNDEBUG -O1 -fwrapv' LDFLAGS=-fprofile-instr-generate
# Counted too: which functions are called through pointers.
cat >>Makefile <<'MAKE'
PY_CORE_CFLAGS += -fprofile-instr-generate -mllvm -enable-value-profiling
PY_STDMODULE_CFLAGS += -fprofile-instr-generate -mllvm -enable-value-profiling
MAKE
make -j "$JOBS" python

# The first run leaves compiled files behind, so that the second does not count the compiler's work for the whole library.
# Addresses, which the tables of sets and dictionaries depend on, are the same every time where the kernel allows it.
fixed=(setarch --addr-no-randomize)
"${fixed[@]}" true || fixed=()
for profile in /dev/null ../training.profraw; do
    env -u PYTHONDONTWRITEBYTECODE -u PYTHONPATH LLVM_PROFILE_FILE=$profile PYTHONPYCACHEPREFIX="$PWD/../compiled" PYTHONHASHSEED=0 \
        "${fixed[@]}" ./python "$GUEST/training"
done
mkdir -p "$OUT"
llvm-profdata merge -o "$OUT/python.profdata" ../training.profraw
llvm-profdata show "$OUT/python.profdata"
