// placer sample-web: the generated sites that bench runs against, on loopback. Not for people.
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "scraper/cli/command.h"
#include "tests/web/site.h"

namespace placer::cli {
namespace {

struct SampleWebOptions {
  std::string kind;
  std::uint32_t pages = 100;
  std::uint32_t delay = 0;
};

int serve(const SampleWebOptions& options) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // a bench that is killed leaves no server behind
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int stop = signalfd(-1, &signals, SFD_CLOEXEC);
  const web::Site site =
      options.kind == "heavy"
          ? web::Site::heavy(options.pages)
          : web::Site::slow(options.pages, std::chrono::milliseconds(options.delay));
  web::ServerOptions server_options;
  server_options.log = false;
  web::WebServer server(site.handler(), server_options);
  fmt::print("{}\n", server.url("/"));
  std::fflush(stdout);
  server.run_until(stop);
  close(stop);
  return kExitDone;
}

}  // namespace

void add_sample_web(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("sample-web", "");
  command->group("");  // not listed in --help
  auto options = std::make_shared<SampleWebOptions>();
  command->add_option("kind", options->kind)->required()->check(one_of({"slow", "heavy"}));
  command->add_option("--pages", options->pages);
  command->add_option("--delay", options->delay);
  command->callback([&action, options] { action = [options] { return serve(*options); }; });
}

}  // namespace placer::cli
