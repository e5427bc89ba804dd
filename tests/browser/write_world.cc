// write_world FILE PLACES [PASSES [SEED]]: a database for the tests in a browser.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/report_world.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: write_world FILE PLACES [PASSES [SEED]]\n");
    return 2;
  }
  placer::ReportWorld world;
  world.places = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  if (argc > 3) world.passes = std::atoi(argv[3]);
  if (argc > 4) world.seed = std::strtoull(argv[4], nullptr, 10);
  try {
    placer::write_report_world(argv[1], world);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_world: %s\n", error.what());
    return 1;
  }
  return 0;
}
