// A scheduled run as a service and a timer of systemd, shut in as far as a crawl allows.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "scraper/cli/scheduled_run.h"

namespace placer::cli {

// Whose manager starts it: that of a user, or the machine's.
enum class UnitKind { kUser, kSystem };

// Text for systemd 252 (Debian 12) and later. `account`: whom a kSystem service runs as; empty:
// root, without any capability.
//
// A user's manager may change neither mounts nor capabilities, except in a user namespace: the
// service has one of its own (PrivateUsers=).
std::string service_text(const ScheduledRun& run, UnitKind kind, const std::string& account);
std::string timer_text(const ScheduledRun& run);

// Where they are read from: $XDG_CONFIG_HOME/systemd/user, or /etc/systemd/system. The error is a
// message: HOME is not known.
tl::expected<std::string, std::string> unit_folder(UnitKind kind);

// True when the manager of that kind runs now.
bool is_running(UnitKind kind);

// Writes both and starts the timer. Refuses to replace a unit that has another mark. Errors are
// messages for people, here and below.
tl::expected<void, std::string> install_units(const ScheduledRun& run, UnitKind kind,
                                              const std::string& account);

bool are_installed(const ScheduledRun& run, UnitKind kind);

// Stops the timer and removes both; false when they are not there.
tl::expected<bool, std::string> remove_units(const ScheduledRun& run, UnitKind kind);

}  // namespace placer::cli
