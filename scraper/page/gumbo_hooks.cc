#include "scraper/page/gumbo_hooks.h"

#include <gumbo.h>
#include <strings.h>

#include "scraper/page/arena.h"

// The linker's --wrap turns a static library's calls to a function into calls to __wrap_function.
// A shared library's calls look in the program first, so there the plain name will do.
#ifdef PLACER_GUMBO_WRAPPED
#define PLACER_GUMBO_HOOK(function) __wrap_##function
#else
#define PLACER_GUMBO_HOOK(function) function
#endif

namespace placer {
namespace {

// Most pieces of work take nanoseconds, a walk over 10^5 open elements a tenth of a millisecond.
constexpr int kWorkPerStep = 32;

// The parse that runs on this thread, for the two functions that Gumbo gives no userdata.
thread_local Arena* parsing = nullptr;

// At an address that the linker fixes: gumbo_debug is called five times for each byte of a page.
[[gnu::tls_model("initial-exec")]] thread_local int work_until_step = kWorkPerStep;

[[gnu::noinline]] void step() {
  work_until_step = kWorkPerStep;
  if (parsing != nullptr) parsing->step();
}

void count(int work) {
  work_until_step -= work;
  if (work_until_step <= 0) [[unlikely]] {
    step();
  }
}

}  // namespace

void count_gumbo_steps(Arena* arena) { parsing = arena; }

}  // namespace placer

extern "C" {

void PLACER_GUMBO_HOOK(gumbo_debug)(const char*, ...) { placer::count(1); }

GumboAttribute* PLACER_GUMBO_HOOK(gumbo_get_attribute)(const GumboVector* attributes,
                                                       const char* name) {
  placer::count(1 + static_cast<int>(attributes->length / 64));
  for (unsigned i = 0; i < attributes->length; ++i) {
    auto* const attribute = static_cast<GumboAttribute*>(attributes->data[i]);
    if (strcasecmp(attribute->name, name) == 0) return attribute;
  }
  return nullptr;
}

}  // extern "C"
