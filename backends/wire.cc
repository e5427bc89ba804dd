#include "backends/wire.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <concepts>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

namespace placer {
namespace {

// One switch per enumeration, so that the compiler asks for a new enumerator here.
bool known(RequestKind kind) {
  switch (kind) {
    case RequestKind::kPage:
    case RequestKind::kRobots:
    case RequestKind::kSitemap:
      return true;
  }
  return false;
}

bool known(LinkKind kind) {
  switch (kind) {
    case LinkKind::kAnchor:
    case LinkKind::kRelation:
    case LinkKind::kCanonical:
    case LinkKind::kRedirect:
    case LinkKind::kMetaRefresh:
    case LinkKind::kFrame:
    case LinkKind::kEndpoint:
    case LinkKind::kSitemap:
      return true;
  }
  return false;
}

bool known(ErrorCode code) { return error_name(code) != "unknown"; }

constexpr std::size_t kLongestVarint = 10;  // bytes, of 64 bits

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}

  template <class... T>
  void operator()(T&... values) {
    (put(values), ...);
  }

 private:
  void put(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i) out_.push_back(static_cast<char>(bits >> (8 * i) & 0xFF));
  }

  void put(const std::string& text) {
    put_varint(text.size());
    out_.append(text);
  }

  template <class Rep, class Period>
  void put(std::chrono::duration<Rep, Period> duration) {
    put(duration.count());
  }

  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }

  template <class T>
  void put(const std::vector<T>& values) {
    put_varint(values.size());
    for (const T& value : values) put(value);
  }

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T> || std::unsigned_integral<T>) {
      put_varint(static_cast<std::uint64_t>(value));
    } else if constexpr (std::signed_integral<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      put_varint(static_cast<std::uint64_t>(wide) << 1 ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      fields(*this, const_cast<T&>(value));  // fields() serves both ways; nothing is written here
    }
  }

  void put_varint(std::uint64_t value) {
    char octets[kLongestVarint];
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7) octets[size++] = static_cast<char>(value | 0x80);
    octets[size++] = static_cast<char>(value);
    out_.append(octets, size);
  }

  std::string& out_;
};

constexpr std::size_t kRoomPerByte = 4;  // bytes, of vectors

// After the first malformed field everything reads as empty and ok() is false.
class Decoder {
 public:
  explicit Decoder(std::string_view in) : in_(in) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }

  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }

 private:
  void get(double& value) {
    if (in_.size() < 8) return reject();
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
      bits |= std::uint64_t{static_cast<unsigned char>(in_[i])} << (8 * i);
    }
    in_.remove_prefix(8);
    value = std::bit_cast<double>(bits);
  }

  void get(std::string& text) {
    const std::size_t size = get_count();
    text.assign(in_.substr(0, size));
    in_.remove_prefix(size);
  }

  template <class Rep, class Period>
  void get(std::chrono::duration<Rep, Period>& duration) {
    Rep count{};
    get(count);
    duration = std::chrono::duration<Rep, Period>(count);
  }

  template <class T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    if (present && ok_) get(value.emplace());
  }

  template <class T>
  void get(std::vector<T>& values) {
    const std::size_t count = get_count();  // every element takes a byte at least
    // Room for what may well be there, not for what a count only claims.
    values.reserve(std::min(count, in_.size() * kRoomPerByte / sizeof(T)));
    for (std::size_t i = 0; i < count && ok_; ++i) get(values.emplace_back());
  }

  template <class T>
  void get(T& value) {
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> number{};
      get(number);
      value = static_cast<T>(number);
      if (!known(value)) reject();
    } else if constexpr (std::unsigned_integral<T>) {
      const std::uint64_t wide = get_varint();
      if (wide > std::numeric_limits<T>::max()) return reject();
      value = static_cast<T>(wide);
    } else if constexpr (std::signed_integral<T>) {
      const std::uint64_t zigzag = get_varint();
      const auto wide = static_cast<std::int64_t>(zigzag >> 1 ^ (~(zigzag & 1) + 1));
      if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) {
        return reject();
      }
      value = static_cast<T>(wide);
    } else {
      fields(*this, value);
    }
  }

  std::uint64_t get_varint() {
    std::uint64_t value = 0;
    const std::size_t most = std::min(in_.size(), kLongestVarint);
    for (std::size_t i = 0; i < most; ++i) {
      const auto byte = static_cast<unsigned char>(in_[i]);
      if (i + 1 == kLongestVarint && byte > 1) break;  // beyond 64 bits
      value |= std::uint64_t{byte & 0x7FU} << (7 * i);
      if (byte >= 0x80) continue;
      in_.remove_prefix(i + 1);
      return value;
    }
    reject();
    return 0;
  }

  std::size_t get_count() {
    const std::uint64_t count = get_varint();
    if (count <= in_.size()) return static_cast<std::size_t>(count);
    reject();
    return 0;
  }

  void reject() {
    ok_ = false;
    in_ = {};
  }

  std::string_view in_;
  bool ok_ = true;
};

template <class Message>
std::string encode_message(const Message& message) {
  std::string out;
  Encoder encoder(out);
  fields(encoder, const_cast<Message&>(message));
  return out;
}

template <class Message>
Result<Message> decode_message(std::string_view bytes, const char* what) {
  Message message;
  Decoder decoder(bytes);
  fields(decoder, message);
  if (!decoder.ok() || !decoder.at_end()) {
    return fail(ErrorCode::kProtocol, std::string("bytes that are no ") + what);
  }
  return message;
}

}  // namespace

std::string encode(const Request& request) { return encode_message(request); }
std::string encode(const Outcome& outcome) { return encode_message(outcome); }
std::string encode(const WorkerStart& start) { return encode_message(start); }
std::string encode(const WorkerHello& hello) { return encode_message(hello); }

Result<Request> decode_request(std::string_view bytes) {
  return decode_message<Request>(bytes, "request");
}

Result<Outcome> decode_outcome(std::string_view bytes) {
  return decode_message<Outcome>(bytes, "outcome");
}

Result<WorkerStart> decode_worker_start(std::string_view bytes) {
  return decode_message<WorkerStart>(bytes, "worker start");
}

Result<WorkerHello> decode_worker_hello(std::string_view bytes) {
  return decode_message<WorkerHello>(bytes, "hello");
}

}  // namespace placer
