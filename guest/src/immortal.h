// Objects without a count of references: what an image holds is not freed in any call.
#ifndef SWIFTLET_IMMORTAL_H
#define SWIFTLET_IMMORTAL_H

// Which objects lose their count.
enum immortals {
    // All that there are.
    SWIFTLET_ALL,
    // Those whose end nobody can notice: code, names, small constants. What may hold much memory, or runs a user's code
    // at its end, is freed as ever.
    SWIFTLET_UNNOTICED,
};

// Makes objects of the interpreter immortal, where they are not yet. Allocates nothing.
void swiftlet_make_immortal(enum immortals which);

#endif
