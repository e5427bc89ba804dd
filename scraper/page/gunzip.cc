#include "scraper/page/gunzip.h"

#include <algorithm>
#include <limits>
#include <new>

namespace placer {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;
constexpr int kOnlyGzip = 15 + 16;  // zlib.h: the largest window, and gzip's header
constexpr std::size_t kMaxInput = std::numeric_limits<uInt>::max();

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

Gunzip::Gunzip(std::string_view bytes)
    : size_(std::min(bytes.size(), kMaxInput)), piece_(kPieceBytes, '\0') {
  // zlib reads through this pointer only.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_.avail_in = static_cast<uInt>(size_);
  if (::inflateInit2(&stream_, kOnlyGzip) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { ::inflateEnd(&stream_); }

std::string_view Gunzip::next() {
  stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
  stream_.avail_out = static_cast<uInt>(piece_.size());
  while (!ended_ && stream_.avail_out > 0) {
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      ended_ = !begin_member();
    } else if (result != Z_OK || stream_.avail_in == 0) {
      // With room for more and nothing more to read the end is missing.
      damaged_ = result != Z_OK || stream_.avail_out > 0;
      ended_ = damaged_;
    }
  }
  return std::string_view(piece_).substr(0, piece_.size() - stream_.avail_out);
}

bool Gunzip::begin_member() {
  const std::string_view rest(reinterpret_cast<const char*>(stream_.next_in), stream_.avail_in);
  return is_gzip(rest) && ::inflateReset(&stream_) == Z_OK;
}

}  // namespace placer
