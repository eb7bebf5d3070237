// The same as faasm/core.h, under another name that sources include.
#include "core.h"
