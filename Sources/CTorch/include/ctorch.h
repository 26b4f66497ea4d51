#pragma once
#include <stdint.h>
int64_t ct_live_tensors(void);
