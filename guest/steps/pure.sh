# Packages of Python only, which need no compiler: wheels, and what has none that is pure from its sources.

source "$GUEST/steps/common.sh"

python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps --only-binary=:all: --no-compile \
    --platform any --python-version 3.13 --implementation py --abi none --target wheels --requirement "$GUEST/wheels.lock" ||
    die "pip could not fetch what guest/wheels.lock names. Check the connection to the Python package index and run this again."

mkdir -p "$OUT"/{site-packages,licences}
rm -rf wheels/bin
# What installed them makes no difference to who asks for their metadata.
find wheels -path '*.dist-info/*' ! -name METADATA ! -name 'top_level.txt' ! -ipath '*licen*' -type f -delete
for metadata in wheels/*.dist-info; do
    name=$(basename "$metadata")
    find "$metadata" -iname '*licen*' -type f -exec cat {} + >"$OUT/licences/${name%%-*}"
    [[ -s $OUT/licences/${name%%-*} ]] || cp "$metadata/METADATA" "$OUT/licences/${name%%-*}"
done
cp -r wheels/. "$OUT/site-packages/"

while read -r name folder; do
    version=$(lock_field "$name" version)
    unpack "$name" "$name"
    module=$(basename "$folder")
    (cd "$name/$(dirname "$folder")" && find "$module" -type f -name '*.py' -print0 | tar -c --null -T -) | tar -x -C "$OUT/site-packages"
    mkdir "$OUT/site-packages/$name-$version.dist-info"
    printf 'Metadata-Version: 2.1\nName: %s\nVersion: %s\n' "$name" "$version" >"$OUT/site-packages/$name-$version.dist-info/METADATA"
    cp "$name"/LICENSE* "$OUT/licences/$name"
done <<'PACKAGES'
pyyaml lib/yaml
pyaes pyaes
PACKAGES
