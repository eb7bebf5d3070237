# A package with C code, built to be linked into python.wasm. Reads recipes/$RECIPE/recipe; the keys are in README.md.

source "$GUEST/steps/common.sh"
use_wasm_compiler

package=$(recipe_value "$RECIPE" package)
source_name=$(recipe_value "$RECIPE" source)
version=$(lock_field "$source_name" version)
cpython=$(stage_dir cpython)

unpack "$source_name" source
cd source

while read -r file; do
    echo "PATCH $file"
    patch --fuzz=0 --forward --batch -p1 <"$GUEST/recipes/$RECIPE/$file" ||
        die "recipes/$RECIPE/$file does not fit $package $version; write it anew for that version"
done < <(recipe_values "$RECIPE" patch)

flags="-O2 -DNDEBUG -fno-strict-overflow -fwrapv -fno-wrapv-pointer -fvisibility=hidden -I$cpython/include"
# A function called through a pointer of another type traps in WebAssembly, so a cast that would do this is an error here.
flags+=" -Werror=cast-function-type-mismatch -Werror=incompatible-function-pointer-types"
flags+=" -Werror=implicit-function-declaration"
while read -r library; do
    flags+=" -I$(stage_dir "$library")/include"
done < <(recipe_values "$RECIPE" library)
while read -r flag; do
    flags+=" $(printf '%q' "${flag//@VERSION@/$version}")"
done < <(recipe_values "$RECIPE" flag)
if [[ $(recipe_values "$RECIPE" setjmp) == yes ]]; then
    flags+=" $wasm_setjmp_flags"
fi

files=()
while read -r pattern; do
    # A pattern is a file or a glob; one that matches nothing fails in compile_objects with its text.
    for file in $pattern; do
        files+=("$file")
    done
done < <(recipe_values "$RECIPE" c)
compile_objects ../objects "$flags" "${files[@]}"

mkdir -p "$OUT"/{lib,licences,site-packages}
"$AR" rcsD "$OUT/lib/lib$package.a" ../objects/*.o

recipe_values "$RECIPE" module >"$OUT/modules"
"$NM" --defined-only --extern-only "$OUT/lib/lib$package.a" >../symbols
while read -r module init; do
    grep -q " T $init\$" ../symbols ||
        die "recipe $RECIPE: module $module names $init, which none of its C files defines"
done <"$OUT/modules"

while read -r from to; do
    mkdir -p "$OUT/site-packages/$to"
    (cd "$from" && find . -type f \( -name '*.py' -o -name 'py.typed' \) -print0 | tar -c --null -T -) |
        tar -x -C "$OUT/site-packages/$to"
done < <(recipe_values "$RECIPE" python)

# importlib.metadata finds the package like one that pip installed.
metadata="$OUT/site-packages/$package-$version.dist-info"
mkdir "$metadata"
printf 'Metadata-Version: 2.1\nName: %s\nVersion: %s\n' "$package" "$version" >"$metadata/METADATA"
echo swiftlet >"$metadata/INSTALLER"
(cd "$OUT/site-packages" && find . -type f -name '*.py' | sed 's#^\./##; s#$#,,#' | LC_ALL=C sort) >"$metadata/RECORD"

cp "$(recipe_value "$RECIPE" licence)" "$OUT/licences/$package"
echo "$package $version" >"$OUT/package"
