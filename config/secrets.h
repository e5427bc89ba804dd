// Variables of the environment in the values of a job that may be secret: header fields, logins and
// the proxy's URL. `${NAME}` stands for the variable NAME, `$${` for `${` itself; every other '$'
// is literal. A Job keeps what is written; values are looked up where a request is made, so that
// nothing that prints, stores or sends a job can give them away.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "config/config.h"
#include "config/load.h"

namespace placer {

// What a variable holds; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// That of this process.
Environment process_environment();

// What is wrong with the variables in `text` ("has '${' without a name and '}'"), or nothing.
std::string check_variables(std::string_view text);
bool has_variable(std::string_view text);

// `text` with the values of its variables, or what is missing: "the environment has no variable X".
tl::expected<std::string, std::string> with_variables(std::string_view text,
                                                      const Environment& environment);

// The same for a proxy's URL: within user and password values are percent-encoded. A variable may
// hold the whole URL.
tl::expected<std::string, std::string> proxy_with_variables(std::string_view text,
                                                            const Environment& environment);

// Why the requests of `job` cannot be made: variables that are not set, or hold what cannot be
// sent. Values are not shown. Marks are the job's.
std::vector<Diagnostic> check_secrets(const Job& job, const Environment& environment);

// A warning for each secret that is written into the job file itself, by the look of it.
std::vector<Diagnostic> literal_secrets(const Job& job);

}  // namespace placer
