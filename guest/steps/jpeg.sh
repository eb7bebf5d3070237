# libjpeg-turbo as libjpeg.a: plain C, no SIMD, 8 bits, the API of libjpeg 6b, as Debian and Pillow's wheels have it.

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

compile_objects ../objects "-O3 -I. $wasm_setjmp_flags" \
    jcapimin.c jcapistd.c jccoefct.c jccolor.c jcdctmgr.c jchuff.c jcicc.c jcinit.c jcmainct.c jcmarker.c jcmaster.c \
    jcomapi.c jcparam.c jcphuff.c jcprepct.c jcsample.c jctrans.c jdapimin.c jdapistd.c jdatadst.c jdatasrc.c \
    jdcoefct.c jdcolor.c jddctmgr.c jdhuff.c jdicc.c jdinput.c jdmainct.c jdmarker.c jdmaster.c jdmerge.c jdphuff.c \
    jdpostct.c jdsample.c jdtrans.c jerror.c jfdctflt.c jfdctfst.c jfdctint.c jidctflt.c jidctfst.c jidctint.c \
    jidctred.c jquant1.c jquant2.c jutils.c jmemmgr.c jmemnobs.c jaricom.c jcarith.c jdarith.c jsimd_none.c

mkdir -p "$OUT"/{lib,include,licences}
"$AR" rcsD "$OUT/lib/libjpeg.a" ../objects/*.o
cp jpeglib.h jconfig.h jmorecfg.h jerror.h "$OUT/include/"
cat LICENSE.md README.ijg >"$OUT/licences/libjpeg-turbo"
