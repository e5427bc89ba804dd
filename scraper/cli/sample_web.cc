// placer sample-web: the generated sites that bench runs against, on loopback. Not for people.
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "scraper/cli/commands.h"
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

Command sample_web_command() {
  Command command("sample-web", kNotListed, "Serve a generated site on loopback");
  auto options = std::make_shared<SampleWebOptions>();
  command.argument("KIND", options->kind, "Which")
      .choices({"slow", "heavy"})
      .number("--pages", options->pages, "Of the site")
      .number("--delay", options->delay, "Of each page, in milliseconds")
      .action([options] { return serve(*options); });
  return command;
}

}  // namespace placer::cli
