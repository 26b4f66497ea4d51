// The table through which a program calls this library.
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
