# Helpers shared by guest/build and its steps. Sourced, never run.
#
# A step runs in an empty folder of its own and fills $OUT. The driver exports:
#   GUEST     this folder                     STAGES    the folder of the stages already built (see `stage_dir`)
#   SOURCES   verified upstream tarballs      JOBS      how many compilers to run at once

readonly llvm_version=22
readonly wasm_target=wasm32-wasip1

die() {
    printf 'guest: %s\n' "$*" >&2
    exit 1
}

# lock_field NAME FIELD: one field of a line of sources.lock (version, package, tarball or sha256).
lock_field() {
    local name version package tarball sha256
    while read -r name version package tarball sha256; do
        [[ $name == "$1" ]] || continue
        case $2 in
        version) echo "$version" ;;
        package) echo "$package" ;;
        tarball) echo "$tarball" ;;
        sha256) echo "$sha256" ;;
        esac
        return 0
    done <"$GUEST/sources.lock"
    die "no source called '$1' in guest/sources.lock"
}

# recipe_values RECIPE KEY: the values of a key of a recipe, one a line, in the order of the file.
recipe_values() {
    awk -v key="$2" '$1 == key { sub(/^[^ \t]+[ \t]+/, ""); print }' "$GUEST/recipes/$1/recipe"
}

# recipe_value RECIPE KEY: the one value of a key; an error when it is missing.
recipe_value() {
    local value
    value=$(recipe_values "$1" "$2")
    value=${value%%$'\n'*}
    [[ -n $value ]] || die "guest/recipes/$1/recipe has no '$2' line"
    echo "$value"
}

# recipe_names: the recipes, sorted.
recipe_names() {
    local file
    for file in "$GUEST"/recipes/*/recipe; do
        basename "$(dirname "$file")"
    done | LC_ALL=C sort
}

# stage_dir NAME: where the result of a finished stage lies.
stage_dir() {
    local variable=STAGE_${1//-/_}
    [[ -n ${!variable:-} ]] || die "step asks for stage '$1', which guest/build has not run before it"
    echo "${!variable}"
}

# unpack SOURCE FOLDER: unpacks the tarball of a line of sources.lock.
unpack() {
    mkdir -p "$2"
    tar -x --strip-components=1 --no-same-owner -C "$2" -f "$SOURCES/$(lock_field "$1" tarball)"
}

# Sets CC, AR, … for WebAssembly. No debug information; file names in the objects do not name this machine's folders.
use_wasm_compiler() {
    local sysroot
    sysroot=$(stage_dir sysroot)
    CC="clang-$llvm_version --target=$wasm_target --sysroot=$sysroot/usr -ffile-prefix-map=$PWD=."
    AR=llvm-ar-$llvm_version
    RANLIB=llvm-ranlib-$llvm_version
    NM=llvm-nm-$llvm_version
    export CC AR RANLIB NM
    # __DATE__ and __TIME__ (CPython shows them in sys.version): the same on every machine.
    export SOURCE_DATE_EPOCH=1735689600
}

# setjmp and longjmp as WebAssembly exceptions, in the standard form; the older form is refused by wasmtime.
readonly wasm_setjmp_flags='-mllvm -wasm-enable-sjlj -mllvm -wasm-use-legacy-eh=false'

# compile_objects FOLDER FLAGS FILE…: compiles C files side by side into FOLDER, named after their paths.
compile_objects() {
    local folder=$1 flags=$2
    shift 2
    mkdir -p "$folder"
    local file
    for file in "$@"; do
        [[ -f $file ]] || die "C file $file is not in the source"
        printf '%s\0%s\0' "$file" "$folder/$(tr / _ <<<"${file%.c}").o"
    done | xargs -0 -n 2 -P "$JOBS" bash -c '
        echo "CC $0"
        '"$CC $flags"' -c "$0" -o "$1" || exit 255
    '
}
