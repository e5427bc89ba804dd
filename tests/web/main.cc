// placer_web: serves a generated site on loopback, for demos and scripts.
#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "tests/web/site.h"
#include "tests/web/traps.h"

namespace {

using placer::web::Site;

struct Arguments {
  std::string kind = "town";
  std::string trap = "facets";
  std::uint64_t seed = 1;
  std::uint16_t port = 0;
  std::vector<std::string> addresses = {"127.0.0.1"};
  std::uint32_t pages = 0;  // 0: the kind's own number
  std::uint32_t delay = 0;
  std::uint32_t hosts = 0;
  std::string folder;
  std::string truth_file;
  std::string port_file;
  bool until_eof = false;
};

Site make_site(const Arguments& arguments) {
  const auto pages = [&arguments](std::uint32_t own) {
    return arguments.pages == 0 ? own : arguments.pages;
  };
  const std::chrono::milliseconds delay(arguments.delay);
  if (arguments.kind == "slow") return Site::slow(pages(100), delay);
  if (arguments.kind == "heavy") return Site::heavy(pages(50), arguments.seed);
  if (arguments.kind == "locators") return Site::locators(arguments.seed);
  if (arguments.kind == "traps") return Site::traps(arguments.trap, arguments.seed);
  if (arguments.kind == "town") return Site::town(arguments.seed);
  placer::web::SiteOptions options;
  options.seed = arguments.seed;
  options.pages = pages(10'000);
  options.links_per_page = 60;
  options.page_bytes = 24 * 1024;
  options.size_sigma = 0.7;
  options.bulk = true;
  options.microformats = 0.05;
  options.hosts = arguments.hosts;
  options.latency = delay;
  options.odd_encodings = 0.03;
  return Site(options);
}

bool write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file.good();
}

// Readable when the program should end. Call before any thread starts.
int termination_fd() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

// Readable when a signal came or, with `until_eof`, standard input ended.
void wait_for_end(int signal_fd, bool until_eof) {
  std::array<pollfd, 2> fds = {pollfd{signal_fd, POLLIN, 0},
                               pollfd{until_eof ? STDIN_FILENO : -1, POLLIN, 0}};
  for (;;) {
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].revents != 0) return;
    std::array<char, 256> ignored;
    if (fds[1].revents != 0 && ::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
  }
}

int serve(const Arguments& arguments, const Site& site) {
  const int signal_fd = termination_fd();
  placer::web::ServerOptions options;
  options.addresses = arguments.addresses;
  options.port = arguments.port;
  options.log = false;
  const placer::web::RunningServer server(site.handler(), options);
  std::cout << server.url("/") << std::endl;
  if (!arguments.port_file.empty() &&
      !write_text(arguments.port_file, std::to_string(server.port()) + "\n")) {
    std::cerr << "placer_web: cannot write " << arguments.port_file << "\n";
    return 1;
  }
  wait_for_end(signal_fd, arguments.until_eof);
  ::close(signal_fd);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Serves a generated site on loopback; prints its URL.");
  app.add_option("kind", arguments.kind, "town, site, heavy, slow, traps or locators (a proxy)")
      ->check(CLI::IsMember({"town", "site", "heavy", "slow", "traps", "locators"}));
  app.add_option("--kind", arguments.trap, "which trap")
      ->check(CLI::IsMember(placer::web::trap_kinds()));
  app.add_option("--seed", arguments.seed, "another seed, another site");
  app.add_option("--port", arguments.port, "0: any free one");
  app.add_option("--address", arguments.addresses, "may be repeated; each is a host of its own");
  app.add_option("--pages", arguments.pages, "0: as many as the kind has");
  app.add_option("--delay", arguments.delay, "milliseconds before each page (site and slow)");
  app.add_option("--hosts", arguments.hosts, "spread the site over so many, behind a proxy");
  app.add_option("--write", arguments.folder, "write the pages there and end");
  app.add_option("--truth", arguments.truth_file, "write the places, one JSON object per line");
  app.add_option("--port-file", arguments.port_file, "write the port there once it is open");
  app.add_flag("--until-eof", arguments.until_eof, "end when standard input ends");
  CLI11_PARSE(app, argc, argv);
  try {
    const Site site = make_site(arguments);
    if (!arguments.truth_file.empty() &&
        !write_text(arguments.truth_file, placer::web::truth_lines(site.truth()))) {
      std::cerr << "placer_web: cannot write " << arguments.truth_file << "\n";
      return 1;
    }
    if (arguments.folder.empty()) return serve(arguments, site);
    return site.write(arguments.folder) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "placer_web: " << error.what() << "\n";
    return 1;
  }
}
