// Frames: how messages are cut out of a byte stream between the engine and a child process.
//
//   length    4 bytes, little-endian: bytes of payload, at most kMaxPayload
//   version   1 byte: kWireVersion
//   type      1 byte: FrameType
//   checksum  4 bytes: XXH32 of the payload, seeded with the XXH32 of the six bytes before
//   payload
//
// The reader trusts nothing: a flipped bit, a cut or a huge length is an Error, never a crash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scraper/result.h"

namespace placer {

inline constexpr std::uint8_t kWireVersion = 1;  // of the frame and of every message in message.h
inline constexpr std::size_t kFrameHeader = 10;  // bytes
inline constexpr std::size_t kMaxPayload = 64U << 20;  // bytes

enum class FrameType : std::uint8_t {
  kStart = 1,  // engine -> fork server, first: a WorkerStart
  kHello,      // fork server or worker -> engine, first: a WorkerHello
  kRequest,    // engine -> child
  kOutcome,    // child -> engine
  kBeat,       // child -> engine: alive, still waiting for its exchanges; no payload
};

struct Frame {
  FrameType type;
  std::string_view payload;
};

// Appends one frame to `out`. REQUIRES: payload.size() <= kMaxPayload.
void append_frame(std::string& out, FrameType type, std::string_view payload);

// Sends what non-blocking socket `fd` takes of `unsent`, and drops it there; all of it when the
// peer is gone, which reading will find out.
void send_ready(int fd, std::string& unsent);

enum class ReadState : std::uint8_t {
  kOpen,    // more may come
  kClosed,  // the peer closed its end, or the read failed
};

// Collects bytes and hands out the complete frames among them. A value without a file descriptor
// of its own; after an Error the stream is lost.
class FrameReader {
 public:
  // Reads what socket `fd` has, at most about 1 MiB at a time. Waits for the first byte when
  // `blocking` says so.
  ReadState read(int fd, bool blocking);

  void append(std::string_view bytes) { buffer_.append(bytes); }

  // The next complete frame, or nothing when more bytes are needed (kProtocol on a broken stream).
  // Its payload stays valid until the next call of any member.
  Result<std::optional<Frame>> next();

  // True when the bytes end within a frame.
  bool within_frame() const { return consumed_ < buffer_.size(); }

 private:
  void drop_consumed();

  std::string buffer_;
  std::size_t consumed_ = 0;  // bytes of buffer_ handed out already
};

}  // namespace placer
