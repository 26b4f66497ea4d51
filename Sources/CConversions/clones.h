#pragma once

// One clone for each generation of x86; elsewhere the compiler's default is best.
#if defined(__x86_64__) && defined(__ELF__)
#define CC_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CC_CLONES
#endif
