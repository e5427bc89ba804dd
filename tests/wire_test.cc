// The wire between engine and child: messages and frames.
#include "backends/wire.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <random>

#include "backends/frame.h"
#include "tests/scripted_fetcher.h"

namespace placer {
namespace {

// Fills messages through their fields() lists with values at the edges of their types.
class RandomFill {
 public:
  explicit RandomFill(std::uint64_t seed) : random_(seed) {}

  template <class... T>
  void operator()(T&... values) {
    (fill(values), ...);
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  void fill(bool& value) { value = below(2) == 1; }
  void fill(double& value) {
    constexpr std::array kEdges = {0.0,
                                   -0.0,
                                   5e-324,
                                   std::numeric_limits<double>::infinity(),
                                   std::numeric_limits<double>::quiet_NaN(),
                                   0.1};
    value = kEdges[below(kEdges.size())];
  }
  void fill(std::string& value) {
    value.resize(below(4) == 0 ? below(400) : below(8));
    for (char& c : value) c = static_cast<char>(below(256));
  }
  void fill(RequestKind& value) { value = static_cast<RequestKind>(below(3)); }
  void fill(LinkKind& value) { value = static_cast<LinkKind>(below(6)); }
  void fill(ErrorCode& value) {
    value =
        static_cast<ErrorCode>(below(static_cast<std::uint64_t>(ErrorCode::kInvalidArgument) + 1));
  }
  void fill(std::chrono::seconds& value) {
    std::int64_t count = 0;
    fill(count);
    value = std::chrono::seconds(count);
  }
  template <class T>
  void fill(std::optional<T>& value) {
    if (below(2) == 1) fill(value.emplace());
  }
  template <class T>
  void fill(std::vector<T>& values) {
    values.resize(below(4));
    for (T& value : values) fill(value);
  }
  template <class T>
  void fill(T& value) {
    if constexpr (std::is_integral_v<T>) {
      const std::array edges = {T{0},
                                T{1},
                                T{127},
                                std::numeric_limits<T>::min(),
                                std::numeric_limits<T>::max(),
                                static_cast<T>(random_())};
      value = edges[below(edges.size())];
    } else {
      fields(*this, value);
    }
  }

  std::mt19937_64 random_;
};

Outcome random_outcome(std::uint64_t seed) {
  Outcome outcome;
  RandomFill fill(seed);
  fields(fill, outcome);
  return outcome;
}

TEST(WireTest, DecodesEveryOutcomeToWhatWasEncoded) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Outcome outcome = random_outcome(seed);
    const auto decoded = decode_outcome(encode(outcome));
    ASSERT_TRUE(decoded) << "seed " << seed << ": " << decoded.error().message;
    ASSERT_EQ(leaves(*decoded), leaves(outcome)) << "seed " << seed;
    ASSERT_EQ(decoded->timings.total, outcome.timings.total);
    ASSERT_EQ(decoded->timings.process, outcome.timings.process);
  }
}

TEST(WireTest, DecodesEveryRequestToWhatWasEncoded) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Request request;
    RandomFill fill(seed);
    fields(fill, request);
    const auto decoded = decode_request(encode(request));
    ASSERT_TRUE(decoded) << "seed " << seed;
    ASSERT_EQ(leaves(*decoded), leaves(request)) << "seed " << seed;
  }
}

TEST(WireTest, RejectsAMessageCutAtAnyByte) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string bytes = encode(random_outcome(seed));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(decode_outcome(std::string_view(bytes).substr(0, size)))
          << "seed " << seed << ", " << size << " of " << bytes.size() << " bytes";
    }
  }
}

TEST(WireTest, RejectsBytesAfterTheMessage) {
  EXPECT_FALSE(decode_request(encode(Request{}) + '\0'));
}

TEST(WireTest, SurvivesTenThousandMutatedMessages) {
  std::mt19937_64 random(7);
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    std::string bytes = encode(random_outcome(seed % 100));
    for (std::uint64_t flips = 1 + random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto decoded = decode_outcome(bytes);
    if (!decoded) ++rejected;
    if (decoded) {
      ASSERT_TRUE(decode_outcome(encode(*decoded)));
    }
  }
  EXPECT_GT(rejected, 1000);
}

TEST(WireTest, RejectsEnumeratorsNobodyKnows) {
  Request request;
  request.kind = static_cast<RequestKind>(3);
  EXPECT_FALSE(decode_request(encode(request)));
  Outcome outcome;
  outcome.error = Error{static_cast<ErrorCode>(200), ""};
  EXPECT_FALSE(decode_outcome(encode(outcome)));
}

TEST(WireTest, RejectsNumbersBeyondTheirField) {
  Request request;
  std::string bytes = encode(request);  // id, then the URL's length
  const std::string long_varint(9, '\xFF');
  EXPECT_TRUE(decode_request(long_varint + '\x01' + bytes.substr(1)));   // 2^64 - 1
  EXPECT_FALSE(decode_request(long_varint + '\x02' + bytes.substr(1)));  // 2^64 and more
}

TEST(WireTest, RejectsACountBeyondTheBytesThatRemain) {
  const std::string huge = "\x01\xFF\xFF\xFF\xFF\x0F";  // id 1, a URL of 4 GiB
  EXPECT_FALSE(decode_request(huge));
}

std::string sample_frames() {
  std::string stream;
  append_frame(stream, FrameType::kHello, "");
  append_frame(stream, FrameType::kRequest, encode(Request{}));
  append_frame(stream, FrameType::kOutcome, encode(random_outcome(3)));
  return stream;
}

// Every frame of `stream`, or nothing when the reader calls it broken.
std::optional<std::vector<std::string>> frames_of(FrameReader& reader) {
  std::vector<std::string> frames;
  for (;;) {
    const auto frame = reader.next();
    if (!frame) return std::nullopt;
    if (!*frame) return frames;
    frames.push_back(std::to_string(static_cast<int>((*frame)->type)) +
                     std::string((*frame)->payload));
  }
}

TEST(FrameTest, FindsTheFramesHoweverTheStreamIsCut) {
  const std::string stream = sample_frames();
  FrameReader whole;
  whole.append(stream);
  const auto expected = frames_of(whole);
  ASSERT_TRUE(expected);
  ASSERT_EQ(expected->size(), 3U);
  FrameReader bytewise;
  std::vector<std::string> frames;
  for (const char byte : stream) {
    bytewise.append({&byte, 1});
    const auto some = frames_of(bytewise);
    ASSERT_TRUE(some);
    frames.insert(frames.end(), some->begin(), some->end());
  }
  EXPECT_EQ(frames, *expected);
}

TEST(FrameTest, NoticesEveryFlippedBit) {
  std::string frame;
  append_frame(frame, FrameType::kRequest, encode(Request{}));
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    std::string broken = frame;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ 1 << bit % 8);
    FrameReader reader;
    reader.append(broken);
    const auto frames = frames_of(reader);
    EXPECT_TRUE(!frames || frames->empty()) << "bit " << bit;
  }
}

TEST(FrameTest, SurvivesTenThousandMutatedStreams) {
  std::mt19937_64 random(11);
  const std::string stream = sample_frames();
  int intact = 0;
  for (int round = 0; round < 10'000; ++round) {
    std::string broken = stream;
    broken.resize(broken.size() - random() % 40);
    broken[random() % broken.size()] ^= static_cast<char>(1 + random() % 255);
    FrameReader reader;
    reader.append(broken);
    const auto frames = frames_of(reader);
    if (frames && frames->size() == 3) ++intact;
  }
  EXPECT_EQ(intact, 0);
}

TEST(FrameTest, RefusesAPayloadBeyondTheMaximum) {
  FrameReader reader;
  reader.append(std::string("\x01\x00\x00\x04\x01\x04\0\0\0\0", kFrameHeader));  // 64 MiB + 1
  EXPECT_FALSE(reader.next());
  std::string out;
  EXPECT_THROW(append_frame(out, FrameType::kOutcome, std::string(kMaxPayload + 1, 'x')),
               std::length_error);
}

TEST(FrameTest, NamesTheVersionOfAPeerFromAnotherRelease) {
  std::string frame;
  append_frame(frame, FrameType::kHello, "");
  frame[4] = 9;
  FrameReader reader;
  reader.append(frame);
  const auto next = reader.next();
  ASSERT_FALSE(next);
  EXPECT_NE(next.error().message.find("version 9"), std::string::npos);
}

TEST(FrameTest, ReadsFromASocketUntilThePeerCloses) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  FrameReader reader;
  EXPECT_EQ(reader.read(ends[0], false), ReadState::kOpen);
  const std::string stream = sample_frames();
  const std::size_t cut = stream.size() - 5;
  ASSERT_EQ(send(ends[1], stream.data(), cut, 0), static_cast<ssize_t>(cut));
  EXPECT_EQ(reader.read(ends[0], true), ReadState::kOpen);
  EXPECT_EQ(frames_of(reader)->size(), 2U);
  EXPECT_TRUE(reader.within_frame());
  ASSERT_EQ(send(ends[1], stream.data() + cut, 5, 0), 5);
  close(ends[1]);
  EXPECT_EQ(reader.read(ends[0], false), ReadState::kOpen);
  EXPECT_EQ(frames_of(reader)->size(), 1U);
  EXPECT_EQ(reader.read(ends[0], true), ReadState::kClosed);
  EXPECT_FALSE(reader.within_frame());
  close(ends[0]);
}

}  // namespace
}  // namespace placer
