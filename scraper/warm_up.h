// Loads what workers load when a page first asks for it and never change: libcurl, telephone plans,
// names of countries and weekdays, compiled patterns.
#pragma once

#include "config/config.h"

namespace placer {

// For a process that forks workers, which then share all that: reads a few made-up pages in the
// formats of `job`, some 30 ms of work.
void warm_up(const Job& job);

}  // namespace placer
