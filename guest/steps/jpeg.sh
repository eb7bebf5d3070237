# libjpeg-turbo as libjpeg.a: 8 bits, the API of libjpeg 6b, as Debian and Pillow's wheels have it. What costs most is ours, with
# vectors (../jpeg); the rest is plain C.

source "$GUEST/steps/common.sh"
use_wasm_compiler
unpack libjpeg-turbo source
cd source
version=$(lock_field libjpeg-turbo version)
IFS=. read -r major minor patch <<<"$version"

cat >jconfig.h <<HEADER
#define JPEG_LIB_VERSION 62
#define LIBJPEG_TURBO_VERSION $version
#define LIBJPEG_TURBO_VERSION_NUMBER $(printf '%d%03d%03d' "$major" "$minor" "$patch")
#define C_ARITH_CODING_SUPPORTED 1
#define D_ARITH_CODING_SUPPORTED 1
#define MEM_SRCDST_SUPPORTED 1
#define BITS_IN_JSAMPLE 8
#define WITH_SIMD 1
HEADER
cat >jconfigint.h <<HEADER
#define BUILD "swiftlet"
#define INLINE inline __attribute__((always_inline))
#define THREAD_LOCAL
#define PACKAGE_NAME "libjpeg-turbo"
#define VERSION "$version"
#define SIZEOF_SIZE_T 4
#define HAVE_BUILTIN_CTZL 1
#define FALLTHROUGH __attribute__((fallthrough));
HEADER
sed 's/@COPYRIGHT_YEAR@/1991-2023/' jversion.h.in >jversion.h

# The one machine that libjpeg knows with short addresses and long registers, which hold the bits of a picture's codes, is like this one.
sed -i 's/defined(__x86_64__) && defined(__ILP32__)/defined(__wasm__)/' jdhuff.h jdhuff.c jchuff.c
grep -q 'defined(__wasm__)' jdhuff.h jdhuff.c jchuff.c || die "libjpeg-turbo $version asks for long registers in another way"

# jsimd_none.c has every function that could use vectors, and says of each that it does not; ours take the place of some.
cp "$GUEST"/jpeg/*.[ch] .
ours=("$GUEST"/jpeg/*.c)
while read -r name; do
    grep -q "^$name(" jsimd_none.c || die "libjpeg-turbo $version does not ask for $name"
    sed -i "s/^$name(/none_&/" jsimd_none.c
done < <(grep -hoE '^jsimd_[a-z0-9_]+' "${ours[@]}")

compile_objects ../objects "-O3 -msimd128 -I. $wasm_setjmp_flags" \
    jcapimin.c jcapistd.c jccoefct.c jccolor.c jcdctmgr.c jchuff.c jcicc.c jcinit.c jcmainct.c jcmarker.c jcmaster.c \
    jcomapi.c jcparam.c jcphuff.c jcprepct.c jcsample.c jctrans.c jdapimin.c jdapistd.c jdatadst.c jdatasrc.c \
    jdcoefct.c jdcolor.c jddctmgr.c jdhuff.c jdicc.c jdinput.c jdmainct.c jdmarker.c jdmaster.c jdmerge.c jdphuff.c \
    jdpostct.c jdsample.c jdtrans.c jerror.c jfdctflt.c jfdctfst.c jfdctint.c jidctflt.c jidctfst.c jidctint.c \
    jidctred.c jquant1.c jquant2.c jutils.c jmemmgr.c jmemnobs.c jaricom.c jcarith.c jdarith.c jsimd_none.c \
    "${ours[@]##*/}"

mkdir -p "$OUT"/{lib,include,licences}
"$AR" rcsD "$OUT/lib/libjpeg.a" ../objects/*.o
cp jpeglib.h jconfig.h jmorecfg.h jerror.h "$OUT/include/"
cat LICENSE.md README.ijg >"$OUT/licences/libjpeg-turbo"
