// CSS selectors over a Tree (Selectors Level 4, a subset).
#pragma once

namespace placer {}  // namespace placer
