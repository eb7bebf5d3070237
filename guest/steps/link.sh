# python.wasm: our C files, CPython, the recipes and their libraries, linked as a reactor, stripped and optimised.

source "$GUEST/steps/common.sh"
use_wasm_compiler
cpython=$(stage_dir cpython)

readonly stack_bytes=$((8 << 20))
readonly initial_memory_bytes=$((32 << 20))

# Registers the modules of all recipes; called by our boot code before Py_Initialize.
{
    echo '#include <Python.h>'
    for recipe in $(recipe_names); do
        while read -r module init; do
            echo "extern PyObject *$init(void);"
        done <"$(stage_dir "recipe-$recipe")/modules"
    done
    echo 'void swiftlet_register_recipes(void);'
    echo 'void swiftlet_register_recipes(void) {'
    for recipe in $(recipe_names); do
        while read -r module init; do
            echo "    if (PyImport_AppendInittab(\"$module\", $init) < 0)"
            echo "        Py_FatalError(\"no memory for the table of built-in modules\");"
        done <"$(stage_dir "recipe-$recipe")/modules"
    done
    echo '}'
} >recipe_inittab.c

cp -r "$GUEST/src" src
shopt -s nullglob
sources=(src/*.c)
[[ ${#sources[@]} -gt 0 ]] || die "guest/src has no C file"

libraries=()
for recipe in $(recipe_names); do
    libraries+=("$(stage_dir "recipe-$recipe")/lib/"*.a)
done
libraries+=("$cpython/lib/"*.a)
for stage in $LIBRARY_STAGES; do
    libraries+=("$(stage_dir "$stage")/lib/"*.a)
done

compile_objects objects "-O2 -std=c11 -msimd128 -DNDEBUG -DPy_BUILD_CORE -fno-strict-overflow -fwrapv -fno-wrapv-pointer -fvisibility=hidden \
    -Wall -Wno-unused-parameter -Werror=cast-function-type-mismatch -Werror=implicit-function-declaration \
    -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_PROCESS_CLOCKS \
    -Isrc -I$cpython/include -I$cpython/include/internal -I$cpython/include/internal/mimalloc" \
    "${sources[@]}" recipe_inittab.c

mkdir -p "$OUT"
$CC -mexec-model=reactor -O2 -flto -fuse-ld="/usr/bin/wasm-ld-$llvm_version" \
    -Wl,--stack-first -Wl,-z,stack-size=$stack_bytes \
    -Wl,--initial-memory=$initial_memory_bytes \
    -Wl,--export=__stack_pointer \
    -o "$OUT/python.debug.wasm" objects/*.o "${libraries[@]}" \
    -lwasi-emulated-signal -lwasi-emulated-getpid -lwasi-emulated-process-clocks -lsetjmp -ldl -lm

# Stripped first: wasm-opt does less to code whose functions have names (measured: 2.5 % larger, fib 3 % slower).
# The feature list is spelled out because the linker's names some that this wasm-opt does not know.
"llvm-strip-$llvm_version" --strip-all -o stripped.wasm "$OUT/python.debug.wasm"
"$(stage_dir sysroot)/bin/wasm-opt" -O2 --strip-target-features \
    --enable-exception-handling --enable-reference-types --enable-multivalue --enable-bulk-memory \
    --enable-sign-ext --enable-mutable-globals --enable-nontrapping-float-to-int --enable-simd \
    -o "$OUT/python.wasm" stripped.wasm

echo "$initial_memory_bytes" >"$OUT/initial-memory-bytes"
"llvm-objdump-$llvm_version" -h "$OUT/python.wasm"
