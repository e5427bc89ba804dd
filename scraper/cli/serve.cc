// placer serve: the report, live, on loopback.
#include <fmt/core.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>

#include "scraper/cli/commands.h"
#include "scraper/cli/terminal.h"
#include "scraper/report/service.h"
#include "tests/web/server.h"

namespace placer::cli {
namespace {

struct ServeOptions {
  std::string database;
  std::uint16_t port = 8650;
};

// Readable once the user or the system asks this program to end.
int end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC);
}

web::Reply reply_of(ServiceAnswer answer) {
  web::Reply reply;
  reply.status = answer.status;
  reply.headers = std::move(answer.headers);
  reply.body = std::move(answer.body);
  return reply;
}

// The file is looked at before anything listens, so that a wrong name is told at once.
int serve(const ServeOptions& options) {
  const auto checked = ReportReader::open(options.database);
  if (!checked) return complain(kExitDatabase, checked.error().message);
  std::optional<ReportService> service;
  web::ServerOptions server_options;
  server_options.port = options.port;
  server_options.log = false;
  web::WebServer server(
      [&service](const web::WebRequest& request) {
        return reply_of(service->answer(
            request.method, request.target, request.host,
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())));
      },
      server_options);
  auto opened = ReportService::open(options.database, server.port(), PLACER_VERSION);
  if (!opened) return complain(kExitDatabase, opened.error().message);
  service.emplace(std::move(*opened));
  const int stop = end_signals();
  fmt::print("{}\n", server.url("/"));
  std::fflush(stdout);
  fmt::print(stderr, "serving {} to this machine only, until Ctrl-C\n",
             printable(options.database));
  server.run_until(stop);
  close(stop);
  return kExitDone;
}

int serve_or_say_why_not(const ServeOptions& options) {
  try {
    return serve(options);
  } catch (const std::system_error& error) {
    fmt::print(stderr, "placer: cannot listen on 127.0.0.1:{}: {}; --port 0 takes any free port\n",
               options.port, error.code().message());
    return kExitUsage;
  }
}

}  // namespace

Command serve_command() {
  Command command("serve", kGroupPlaces, "Show the report in a browser of this machine, live");
  auto options = std::make_shared<ServeOptions>();
  add_database(command, options->database);
  command.number("--port", options->port, "On 127.0.0.1; 0: any that is free")
      .examples({"placer serve cafes.db                    # http://127.0.0.1:8650/"})
      .action([options] { return serve_or_say_why_not(*options); });
  return command;
}

}  // namespace placer::cli
