# WASI's C library and wasm-opt, from trixie: bookworm's are too old (2022; no standard exceptions).
# wasm-opt is a program for trixie's C library, which therefore comes along; `bin/wasm-opt` starts it.

source "$GUEST/steps/common.sh"
source "$GUEST/steps/apt-trixie.sh"
open_trixie "$APT"

fetch() { # FOLDER PACKAGE…
    local folder=$1 package
    shift
    trixie apt-get download "$@"
    for package in "$@"; do
        dpkg -x "$package"_*.deb "$folder"
    done
}

fetch "$OUT" wasi-libc
fetch "$OUT/binaryen" binaryen libc6 libstdc++6 libgcc-s1
rm -rf "$OUT"/binaryen/usr/share

mkdir "$OUT/bin"
cat >"$OUT/bin/wasm-opt" <<'SCRIPT'
#!/bin/sh
tools=$(dirname "$(dirname "$(readlink -f "$0")")")/binaryen/usr
libraries=$tools/lib/x86_64-linux-gnu
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$tools/bin/wasm-opt" "$@"
SCRIPT
chmod +x "$OUT/bin/wasm-opt"

# Known answers: the C library is the one with setjmp, the tool starts.
[[ -f $OUT/usr/lib/$wasm_target/libsetjmp.a ]] || die "trixie's wasi-libc has no libsetjmp.a for $wasm_target"
"$OUT/bin/wasm-opt" --version
ls ./*.deb >"$OUT/packages"
