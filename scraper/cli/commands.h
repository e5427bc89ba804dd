// All commands of placer, one file each.
#pragma once

#include <string>
#include <vector>

#include "scraper/cli/command.h"

namespace placer::cli {

Command run_command();
Command check_command();
Command init_command();
Command schedule_command();
Command inspect_command();
Command status_command();
Command runs_command();
Command explain_command();
Command query_command();
Command diff_command();
Command export_command();
Command report_command();
Command serve_command();
Command bench_command();
Command verify_command();
Command edges_command();
Command debug_command();
Command worker_command();
Command sample_web_command();

// These tell of `all`, which has to outlive them.
Command help_command(const std::vector<Command>& all);
Command completion_command(const std::vector<Command>& all);
Command manual_command(const std::vector<Command>& all);

}  // namespace placer::cli
