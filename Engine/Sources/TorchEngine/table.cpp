// The table of all functions, by which a program that has opened this library reaches them.
#include "ctorch.h"

const CTFunctions *ct_functions(void) {
    static const CTFunctions table = {
        .names = CT_NAMES,
#define F(name) .name = ct_##name,
        CT_FUNCTIONS(F)
#undef F
    };
    return &table;
}
