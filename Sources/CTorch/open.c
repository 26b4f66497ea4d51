// Opens the engine's library when a program first computes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

#include "ctorch.h"

#ifdef __APPLE__
static const char *const library = "libTorchEngine.dylib";
#else
static const char *const library = "libTorchEngine.so";
#endif

const CTFunctions *ct_open(const char **why) {
    typedef const CTFunctions *(*Entry)(void);
    Entry entry = (Entry)dlsym(RTLD_DEFAULT, "ct_functions");
    if (entry == NULL) {
        // OpenMP reads this once, when it is loaded with the engine. Threads that spin while they wait
        // take the cores from those that work as soon as anything else runs on the machine.
        setenv("OMP_WAIT_POLICY", "passive", 0);
        void *engine = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
        if (engine != NULL) entry = (Entry)dlsym(engine, "ct_functions");
    }
    if (entry != NULL) return entry();
    *why = dlerror();
    return NULL;
}
