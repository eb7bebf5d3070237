# CPython for this machine: the cross build and the compilation of the standard library need the same version.

source "$GUEST/steps/common.sh"

# Built where it stays (in $OUT) and not installed: it finds its library relative to itself, so it may be moved.
unpack python "$OUT"
cd "$OUT"
./configure --without-ensurepip --disable-test-modules OPT='-O1 -DNDEBUG'
make -j "$JOBS"
rm -rf Lib/test Lib/idlelib Lib/tkinter Doc
find . -name '*.o' -delete
