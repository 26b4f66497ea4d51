// Finds and opens the engine's library when a program first computes (decision 16).
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#define LIBRARY "libTorchEngine.dylib"
#else
#define LIBRARY "libTorchEngine.so"
#endif

#include "ctorch.h"

// Package.swift says where the package was when the program was built.
#define BUILT CT_PACKAGE_FOLDER "/Engine/.build/release/" LIBRARY
#define MAKING "`make engine` in " CT_PACKAGE_FOLDER
#define AGAIN MAKING " rebuilds it"
#define NAMED "JAM_ENGINE names it; unset that and run " MAKING
#define BESIDE "it is beside the program; remove it and run " MAKING

// Why the engine cannot be opened.
static char reason[4 * PATH_MAX];

/// Opens the library at a path; the system searches for a bare name.
static const CTFunctions *open_library(const char *name, const char *advice) {
    typedef const CTFunctions *(*Entry)(void);
    void *engine = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    Entry entry = engine == NULL ? NULL : (Entry)dlsym(engine, "ct_functions");
    if (entry == NULL) {
        snprintf(reason, sizeof reason, "%s; %s", dlerror(), advice);
        return NULL;
    }
    const CTFunctions *functions = entry();
    if (strcmp(functions->names, CT_NAMES) != 0) {
        snprintf(reason, sizeof reason, "%s does not match this build of the program; %s", name, advice);
        return NULL;
    }
    return functions;
}

/// Writes the folder of the running program, with links resolved; empty if unknown.
static void find_program(char folder[PATH_MAX]) {
    folder[0] = '\0';
#ifdef __APPLE__
    char path[PATH_MAX];
    uint32_t size = sizeof path;
    if (_NSGetExecutablePath(path, &size) != 0 || realpath(path, folder) == NULL) folder[0] = '\0';
#else
    // Not realpath, which fails after a new build has replaced the running program.
    const ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    folder[length < 0 ? 0 : length] = '\0';
#endif
    char *name = strrchr(folder, '/');
    if (name != NULL) *name = '\0';
}

static const CTFunctions *find_engine(void) {
    const char *named = getenv("JAM_ENGINE");
    if (named != NULL && named[0] != '\0') {
        // An absolute path, because dlopen searches for a bare name elsewhere.
        char path[PATH_MAX];
        if (realpath(named, path) != NULL) return open_library(path, NAMED);
        snprintf(reason, sizeof reason, "there is no %s; " NAMED, named);
        return NULL;
    }

    // The first file that exists is used, even if it cannot be opened: searching on would hide why.
    char program[PATH_MAX], beside[PATH_MAX + sizeof LIBRARY];
    find_program(program);
    snprintf(beside, sizeof beside, "%s/" LIBRARY, program);
    if (access(beside, F_OK) == 0) return open_library(beside, BESIDE);
    if (access(BUILT, F_OK) == 0) return open_library(BUILT, AGAIN);

    char advice[sizeof beside + sizeof BUILT + sizeof MAKING + 200];
    snprintf(
        advice, sizeof advice,
        "neither %s, beside the program, nor " BUILT " exists; run " MAKING
        " or set JAM_ENGINE",
        beside);
    return open_library(LIBRARY, advice);
}

const CTFunctions *ct_open(const char **why) {
    // OpenMP reads these once, when it is loaded with the engine. Threads that spin while they wait
    // would take cores from other work; GNU's spin for some microseconds, since most waits are shorter.
    if (getenv("OMP_WAIT_POLICY") == NULL) {
        setenv("OMP_WAIT_POLICY", "passive", 0);
        setenv("GOMP_SPINCOUNT", "1000", 0);
    }
    const CTFunctions *functions = find_engine();
    if (functions == NULL) *why = reason;
    return functions;
}
