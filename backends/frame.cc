#include "backends/frame.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace placer {
namespace {

constexpr std::size_t kReadChunk = 64U << 10;
constexpr std::size_t kReadAtOnce = 1U << 20;
constexpr std::size_t kVersionAt = 4;
constexpr std::size_t kTypeAt = 5;
constexpr std::size_t kChecksumAt = 6;

void put_u32(char* out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint32_t get_u32(const char* in) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  }
  return value;
}

std::uint32_t checksum(const char* header, std::string_view payload) {
  return XXH32(payload.data(), payload.size(), XXH32(header, kChecksumAt, 0));
}

bool known(FrameType type) {
  switch (type) {
    case FrameType::kStart:
    case FrameType::kHello:
    case FrameType::kRequest:
    case FrameType::kOutcome:
    case FrameType::kBeat:
      return true;
  }
  return false;
}

}  // namespace

void append_frame(std::string& out, FrameType type, std::string_view payload) {
  if (payload.size() > kMaxPayload) throw std::length_error("a frame's payload is too long");
  std::array<char, kFrameHeader> header{};
  put_u32(header.data(), static_cast<std::uint32_t>(payload.size()));
  header[kVersionAt] = static_cast<char>(kWireVersion);
  header[kTypeAt] = static_cast<char>(type);
  put_u32(&header[kChecksumAt], checksum(header.data(), payload));
  out.append(header.data(), header.size());
  out.append(payload);
}

ReadState FrameReader::read(int fd, bool blocking) {
  drop_consumed();
  std::array<char, kReadChunk> chunk;
  std::size_t total = 0;
  while (total < kReadAtOnce) {
    const int flags = blocking && total == 0 ? 0 : MSG_DONTWAIT;
    const ssize_t n = recv(fd, chunk.data(), chunk.size(), flags);
    if (n == 0) return ReadState::kClosed;
    if (n < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? ReadState::kOpen : ReadState::kClosed;
    }
    buffer_.append(chunk.data(), static_cast<std::size_t>(n));
    total += static_cast<std::size_t>(n);
    if (static_cast<std::size_t>(n) < chunk.size()) break;  // that was all there is
  }
  return ReadState::kOpen;
}

Result<std::optional<Frame>> FrameReader::next() {
  const std::size_t available = buffer_.size() - consumed_;
  if (available < kFrameHeader) return std::nullopt;
  const char* header = buffer_.data() + consumed_;
  const auto version = static_cast<std::uint8_t>(header[kVersionAt]);
  if (version != kWireVersion) {
    return fail(
        ErrorCode::kProtocol,
        fmt::format("a frame of wire version {}, this program's is {}", version, kWireVersion));
  }
  const std::size_t length = get_u32(header);
  const auto type = static_cast<FrameType>(header[kTypeAt]);
  if (length > kMaxPayload || !known(type)) {
    return fail(ErrorCode::kProtocol, fmt::format("a frame of {} bytes and type {}", length,
                                                  static_cast<unsigned>(type)));
  }
  if (available < kFrameHeader + length) return std::nullopt;
  const std::string_view payload(header + kFrameHeader, length);
  if (get_u32(header + kChecksumAt) != checksum(header, payload)) {
    return fail(ErrorCode::kProtocol, "a frame whose checksum does not match");
  }
  consumed_ += kFrameHeader + length;
  return Frame{type, payload};
}

void send_ready(int fd, std::string& unsent) {
  std::size_t sent = 0;
  while (sent < unsent.size()) {
    const ssize_t n = send(fd, unsent.data() + sent, unsent.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) sent = unsent.size();
    if (n < 0) break;
    sent += static_cast<std::size_t>(n);
  }
  unsent.erase(0, sent);
}

void FrameReader::drop_consumed() {
  if (consumed_ == buffer_.size() && buffer_.capacity() > 2 * kReadAtOnce) {
    buffer_ = std::string();  // gives back what one large frame took
  } else {
    buffer_.erase(0, consumed_);
  }
  consumed_ = 0;
}

}  // namespace placer
