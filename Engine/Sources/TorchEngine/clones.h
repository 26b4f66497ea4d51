#pragma once

// One clone per generation of x86; elsewhere the compiler's default.
#if defined(__x86_64__)
#define CT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_CLONES
#endif
