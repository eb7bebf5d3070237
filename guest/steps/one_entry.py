"""Lets the loop of the regular expressions have one entry, so that WebAssembly needs no detour in it.

WebAssembly's loops are entered at their head only. The matcher's loop over operations is entered at a second place, where a
match that is too short is refused before the first operation; the compiler then goes through a switch between the two before every
operation. Here such a match goes to the loop's head too, to an operation that fails.
"""

import sys
from pathlib import Path

BEFORE = """            RETURN_FAILURE;
        }
        pattern += pattern[1] + 1;
    }
"""

# Volatile, because a compiler that knows the operation would jump to its end at once.
AFTER = """            static const SRE_CODE failure = SRE_OP_FAILURE;
            static const SRE_CODE *const volatile hidden = &failure;
            pattern = hidden;
        }
        else {
            pattern += pattern[1] + 1;
        }
    }
"""

path = Path(sys.argv[1])
text = path.read_text()
if text.count(BEFORE) != 1:
    sys.exit(f"{path} is not the file that steps/one_entry.py knows; see what became of the entrance of its matcher")
path.write_text(text.replace(BEFORE, AFTER))
