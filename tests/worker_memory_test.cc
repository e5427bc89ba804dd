// What workers cost in memory, beside what the job costs the engine.
#include <gtest/gtest.h>
#include <malloc.h>

#include <fstream>
#include <iostream>
#include <vector>

#include "backends/process_backend.h"
#include "config/load.h"
#include "scraper/make_worker.h"
#include "tests/web/site.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_WHERE_MEMORY_IS_NOT_OURS() GTEST_SKIP() << "a sanitizer's memory is counted too"
#else
#define SKIP_WHERE_MEMORY_IS_NOT_OURS() static_cast<void>(0)
#endif

namespace placer {
namespace {

Job job() {
  Job made;
  made.name = "memory";
  made.start.push_back({"http://127.0.0.1/", {}});
  made.fetch.private_addresses = PrivateAddresses::kAllow;
  return made;
}

// KiB of memory that `pid` has written. What it read of the program's file is shared as soon as two
// processes run it.
std::uint64_t private_memory(pid_t pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::uint64_t kib = 0;
  for (std::string word; rollup >> word;) {
    if (word == "Private_Dirty:" && rollup >> kib) return kib;
  }
  return 0;
}

TEST(WorkerFactoryTest, CopiesNoStartUrlsForAThousandThreads) {
  SKIP_WHERE_MEMORY_IS_NOT_OURS();
  Job many = job();
  for (int i = 0; i < 10'000; ++i) {
    many.start.push_back({"http://example.org/a-page-of-many/" + std::to_string(i), {}});
  }
  const WorkerFactory factory = make_worker_factory(many);
  const std::size_t before = mallinfo2().uordblks;
  const std::vector<WorkerFactory> copies(1000, factory);
  EXPECT_LT(mallinfo2().uordblks - before, std::size_t{1} << 20);
}

// Has every page of `town` read, `at_once` at a time; the number of places.
std::uint64_t crawl(ProcessBackend& backend, const web::Site& town,
                    const web::RunningServer& server, std::size_t at_once) {
  std::uint64_t places = 0;
  std::uint64_t id = 0;
  const auto collect = [&](std::size_t left) {
    while (backend.in_flight() > left) {
      for (const Outcome& outcome : backend.wait(std::chrono::seconds(10))) {
        places += outcome.places.size();
      }
    }
  };
  for (const std::string& path : town.page_paths()) {
    collect(at_once - 1);
    Request request;
    request.id = ++id;
    request.url = server.url(path);
    backend.submit(std::move(request));
  }
  collect(0);
  return places;
}

TEST(ProcessWorkerTest, TakesFewMegabytesOfItsOwn) {
  SKIP_WHERE_MEMORY_IS_NOT_OURS();
  const web::Site town = web::Site::town(1);
  const web::RunningServer server(town.handler(), {});
  ProcessOptions options;
  options.command = {PLACER_BINARY, "worker"};
  options.job_text = dump_job(job());
  options.workers = 2;
  ProcessBackend backend(std::move(options));
  const pid_t first = backend.children().at(0);
  const std::uint64_t places = crawl(backend, town, server, 1);
  ASSERT_EQ(backend.children(), std::vector<pid_t>{first});
  const std::uint64_t cold = private_memory(first);
  // The second is forked once the fork server has loaded what they share.
  while (backend.children().size() < 2) crawl(backend, town, server, 2);
  EXPECT_EQ(crawl(backend, town, server, 2), places);
  const std::uint64_t warm = private_memory(backend.children().at(1));
  std::cout << "a worker process after " << places << " places: the first has " << cold
            << " KiB of its own, one that was forked later " << warm << '\n';
  EXPECT_GT(places, 10U);
  EXPECT_GT(warm, 0U);
  EXPECT_LT(cold, 6U << 10);
  EXPECT_LT(warm, 6U << 10);
}

}  // namespace
}  // namespace placer
