// gzip (RFC 1952) inflated piece by piece.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace placer {

// True when `bytes` begin as gzip does.
bool is_gzip(std::string_view bytes);

// Holds one piece at a time, however much there is. Not copyable; confined to one thread.
class Gunzip {
 public:
  // `bytes` outlive this. Throws std::bad_alloc when zlib has no memory.
  explicit Gunzip(std::string_view bytes);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  // The next 64 KiB or less, valid until the next call; empty when there is no more. Members follow
  // one another as if they were one; what follows the last one is passed over.
  std::string_view next();

  // Compressed bytes used up so far.
  std::size_t taken() const { return size_ - stream_.avail_in; }

  // That the bytes ended early or broke their checksum; what came before was inflated.
  bool is_damaged() const { return damaged_; }

 private:
  // After the end of a member: true when another one begins.
  bool begin_member();

  z_stream stream_{};
  std::size_t size_;
  std::string piece_;
  bool ended_ = false;
  bool damaged_ = false;
};

}  // namespace placer
