# stdlib.zip: the tree mounted read-only at /lib/python3.13 in the sandbox.

source "$GUEST/steps/common.sh"
cpython=$(stage_dir cpython)

cp -r "$cpython/Lib" tree
# What cannot work in the sandbox, or has no use there.
(
    cd tree
    rm -rf ssl.py test idlelib tkinter turtledemo turtle.py ensurepip venv pydoc_data curses __phello__ __phello__.*.py \
        lib2to3 site-packages lib-dynload _ios_support.py _android_support.py antigravity.py this.py
    find . \( -name '__pycache__' -o -name 'tests' -o -name 'idle_test' \) -prune -exec rm -rf {} +
    find . -type f ! -name '*.py' -delete
    find . -type d -empty -delete
)

mkdir tree/site-packages
for recipe in $(recipe_names); do
    cp -r "$(stage_dir "recipe-$recipe")/site-packages/." tree/site-packages/
done
cp -r "$(stage_dir pure)/site-packages/." tree/site-packages/
# pyfaasm's names are those of the package for outside of the platform; what is behind them is the sandbox's own.
cp -r "$GUEST/../sdk/python/pyfaasm/src/pyfaasm" tree/site-packages/
rm tree/site-packages/pyfaasm/{__main__,_stores}.py
cp -r "$GUEST/python/." tree/site-packages/
find tree -name '__pycache__' -prune -exec rm -rf {} +

mkdir -p "$OUT"
"$(stage_dir native-python)/python" -E -s "$GUEST/steps/stdlib.py" tree "$OUT/stdlib.zip" /lib/python3.13 "$JOBS"
