#include "scraper/page/arena.h"

#include <time.h>

#include <array>
#include <cstdlib>
#include <new>

namespace placer {
namespace {

constexpr std::size_t kKeptBlocks = 4;  // per thread: 1 MiB, the tree of a page of 300 KB

// Blocks of one size that the next parse on this thread takes, sparing it the page faults.
class KeptBlocks {
 public:
  KeptBlocks() = default;
  ~KeptBlocks() {
    while (count_ > 0) std::free(blocks_[--count_]);
  }
  KeptBlocks(const KeptBlocks&) = delete;
  KeptBlocks& operator=(const KeptBlocks&) = delete;

  void* take(std::size_t size) { return count_ > 0 ? blocks_[--count_] : std::malloc(size); }

  void give(void* block) {
    if (count_ < blocks_.size()) {
      blocks_[count_++] = block;
    } else {
      std::free(block);
    }
  }

 private:
  std::array<void*, kKeptBlocks> blocks_;
  std::size_t count_ = 0;
};

thread_local KeptBlocks kept_blocks;

// The coarse clock is good to 4 ms or so and costs a fifth of the fine one.
std::int64_t monotonic_nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

}  // namespace

Arena::~Arena() {
  while (blocks_ != nullptr) {
    Block* const block = blocks_;
    blocks_ = block->next;
    if (block->size == kBlockBytes) {
      kept_blocks.give(block);
    } else {
      std::free(block);
    }
  }
}

void* Arena::allocate_large(std::size_t size) {
  if (size > SIZE_MAX / 2) stop(Limit::kMemory);
  return add_block(((size + 15) & ~std::size_t{15}) + sizeof(Block));
}

void Arena::take_block() {
  free_ = add_block(kBlockBytes);
  end_ = free_ + (kBlockBytes - sizeof(Block));
}

char* Arena::add_block(std::size_t size) {
  if (size > budget_ - reserved_) stop(Limit::kMemory);
  void* const memory = size == kBlockBytes ? kept_blocks.take(size) : std::malloc(size);
  if (memory == nullptr) stop(Limit::kMemory);
  blocks_ = new (memory) Block{blocks_, size};
  reserved_ += size;
  return static_cast<char*>(memory) + sizeof(Block);
}

void Arena::start_deadline(std::chrono::steady_clock::time_point until) {
  deadline_ = std::chrono::nanoseconds(until.time_since_epoch()).count();
}

void Arena::check_clock() {
  if (deadline_ != kNever && monotonic_nanoseconds() > deadline_) stop(Limit::kDeadline);
}

void Arena::stop(Limit limit) { std::longjmp(escape, static_cast<int>(limit)); }

}  // namespace placer
