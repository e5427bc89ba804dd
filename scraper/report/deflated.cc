#include "scraper/report/deflated.h"

#include <absl/strings/escaping.h>
#include <zlib.h>

#include <stdexcept>

namespace placer {

std::string deflated_base64(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string deflated(size, '\0');
  const int code = compress2(reinterpret_cast<Bytef*>(deflated.data()), &size,
                             reinterpret_cast<const Bytef*>(bytes.data()),
                             static_cast<uLong>(bytes.size()), Z_DEFAULT_COMPRESSION);
  if (code != Z_OK) throw std::runtime_error("zlib has no memory for the report");
  deflated.resize(size);
  return absl::Base64Escape(deflated);
}

}  // namespace placer
