// Opens the engine's library when a program first computes.
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "ctorch.h"

#ifdef __APPLE__
static const char *const library = "@rpath/libTorchEngine.dylib";
#else
static const char *const library = "libTorchEngine.so";
#endif

const CTFunctions *ct_open(const char **why) {
    typedef const CTFunctions *(*Entry)(void);
    // OpenMP reads this once, when it is loaded with the engine. Threads that spin while they wait
    // take the cores from those that work as soon as anything else runs on the machine.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    void *engine = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
    Entry entry = engine == NULL ? NULL : (Entry)dlsym(engine, "ct_functions");
    if (entry == NULL) {
        *why = dlerror();
        return NULL;
    }
    const CTFunctions *functions = entry();
    if (strcmp(functions->names, CT_NAMES) != 0) {
        *why = "libTorchEngine is of another build than the program";
        return NULL;
    }
    return functions;
}
