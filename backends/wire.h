// The messages of message.h as bytes, walked by their fields() lists both ways.
//
// Unsigned integers are varints (LEB128), signed ones zigzag varints, doubles 8 bytes
// little-endian, a bool and the tag of an optional are 0 or 1; strings and vectors carry a count.
// Decoding trusts nothing: every count is bounded by the bytes that remain, every enumerator and
// bool must be a known one, every byte must be used. Bytes made up to that end decode to some 50
// times their size at most.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scraper/message.h"
#include "scraper/result.h"

namespace placer {

// The first message to a fork server.
struct WorkerStart {
  std::string job_text;           // one YAML document, as dump_job writes it
  std::uint32_t beat_millis = 0;  // most milliseconds between two frames of a busy child
};

template <class Archive>
void fields(Archive& ar, WorkerStart& s) {
  ar(s.job_text, s.beat_millis);
}

// The first message of a fork server and of each worker it forked.
struct WorkerHello {
  std::uint32_t pid = 0;  // of the sender
  std::string problem;    // empty: ready; or why it cannot be, or could not be forked
};

template <class Archive>
void fields(Archive& ar, WorkerHello& h) {
  ar(h.pid, h.problem);
}

std::string encode(const Request& request);
std::string encode(const Outcome& outcome);
std::string encode(const WorkerStart& start);
std::string encode(const WorkerHello& hello);

// kProtocol when `bytes` is not exactly one such message.
Result<Request> decode_request(std::string_view bytes);
Result<Outcome> decode_outcome(std::string_view bytes);
Result<WorkerStart> decode_worker_start(std::string_view bytes);
Result<WorkerHello> decode_worker_hello(std::string_view bytes);

}  // namespace placer
