// Where one parse gets its memory, and what stops it.
#pragma once

#include <chrono>
#include <csetjmp>
#include <cstddef>
#include <cstdint>

namespace placer {

// A bump allocator with a byte budget and a deadline. Memory is given back as a whole, by the
// destructor. When a limit is reached, allocate() and step() do not return: they longjmp to
// `escape`, so only frames without destructors may lie between.
//
// Thread safety: confined to one thread at a time.
class Arena {
 public:
  enum class Limit : int { kNone, kMemory, kDeadline };

  // `budget` in bytes; whole blocks count against it.
  explicit Arena(std::uint64_t budget) : budget_(budget) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Aligned for any object of C. REQUIRES while limits are on: setjmp(escape) is active.
  void* allocate(std::size_t size) {
    step();
    if (size > kBlockBytes / 4) return allocate_large(size);
    size = (size + 15) & ~std::size_t{15};
    if (size > static_cast<std::size_t>(end_ - free_)) take_block();
    char* const memory = free_;
    free_ += size;
    return memory;
  }

  // A piece of the parser's work was done; looks at the clock now and then.
  void step() {
    if (++steps_ % kStepsPerClock == 0) check_clock();
  }

  void start_deadline(std::chrono::steady_clock::time_point until);
  void stop_deadline() { deadline_ = kNever; }

  std::uint64_t reserved() const { return reserved_; }

  std::jmp_buf escape;

 private:
  struct Block {  // the head of a block; its memory follows
    Block* next;
    std::size_t size;  // with the head
  };
  static constexpr std::int64_t kNever = INT64_MAX;
  static constexpr unsigned kStepsPerClock = 16;
  static constexpr std::size_t kBlockBytes = std::size_t{256} * 1024;

  // A large piece gets a block of its own: the one in use is not given up for it.
  void* allocate_large(std::size_t size);
  void take_block();

  // A block's memory, `size` bytes less the head.
  char* add_block(std::size_t size);
  void check_clock();
  [[noreturn]] void stop(Limit limit);

  char* free_ = nullptr;
  char* end_ = nullptr;
  unsigned steps_ = 0;
  std::int64_t deadline_ = kNever;  // nanoseconds of CLOCK_MONOTONIC
  std::uint64_t reserved_ = 0;
  std::uint64_t budget_;
  Block* blocks_ = nullptr;
};

}  // namespace placer
