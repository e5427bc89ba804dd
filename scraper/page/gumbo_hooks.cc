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

// The parse that runs on this thread, for the two functions that Gumbo gives no userdata.
thread_local Arena* parsing = nullptr;

}  // namespace

void count_gumbo_steps(Arena* arena) { parsing = arena; }

}  // namespace placer

extern "C" {

void PLACER_GUMBO_HOOK(gumbo_debug)(const char*, ...) {
  if (placer::parsing != nullptr) placer::parsing->step();
}

GumboAttribute* PLACER_GUMBO_HOOK(gumbo_get_attribute)(const GumboVector* attributes,
                                                       const char* name) {
  if (placer::parsing != nullptr) placer::parsing->step();
  for (unsigned i = 0; i < attributes->length; ++i) {
    auto* const attribute = static_cast<GumboAttribute*>(attributes->data[i]);
    if (strcasecmp(attribute->name, name) == 0) return attribute;
  }
  return nullptr;
}

}  // extern "C"
