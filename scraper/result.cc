#include "scraper/result.h"

namespace placer {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidUrl:
      return "invalid-url";
    case ErrorCode::kUnresolvedHost:
      return "unresolved-host";
    case ErrorCode::kConnect:
      return "connect";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kTls:
      return "tls";
    case ErrorCode::kAddressRefused:
      return "address-refused";
    case ErrorCode::kProtocol:
      return "protocol";
    case ErrorCode::kHeadersTooLarge:
      return "headers-too-large";
    case ErrorCode::kBodyTooLarge:
      return "body-too-large";
    case ErrorCode::kContentEncoding:
      return "content-encoding";
    case ErrorCode::kContentType:
      return "content-type";
    case ErrorCode::kParseDeadline:
      return "parse-deadline";
    case ErrorCode::kParseMemory:
      return "parse-memory";
    case ErrorCode::kRobotsUnreachable:
      return "robots-unreachable";
    case ErrorCode::kWorkerCrashed:
      return "worker-crashed";
    case ErrorCode::kWorkerKilled:
      return "worker-killed";
    case ErrorCode::kNoDescriptors:
      return "no-descriptors";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kStorage:
      return "storage";
    case ErrorCode::kLocked:
      return "locked";
    case ErrorCode::kInvalidArgument:
      return "invalid-argument";
  }
  return "unknown";
}

bool is_transient(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnresolvedHost:
    case ErrorCode::kConnect:
    case ErrorCode::kTimeout:
    case ErrorCode::kProtocol:
    case ErrorCode::kWorkerCrashed:
    case ErrorCode::kWorkerKilled:
    case ErrorCode::kNoDescriptors:
      return true;
    default:
      return false;
  }
}

}  // namespace placer
