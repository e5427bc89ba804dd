// The entry of libFuzzer (https://llvm.org/docs/LibFuzzer.html).
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/extract_input.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  placer::fuzz::extract_and_check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
