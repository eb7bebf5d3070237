// SwiftPM wants one source file in a C target; everything here is in the header and in libwasmtime.
#include "wasmtime_api.h"
