// The JSON Schema of a job file, for editors: completion, hover texts, errors while typing.
#pragma once

#include <string>

namespace placer {

// Draft 2020-12, made from the list of options in schema.h: one document of a job file as YAML 1.2
// reads it. It accepts whatever load_jobs accepts, and a little more: host names, selectors and
// what depends on two options are only checked by the program. Indented, with a final newline.
std::string job_schema();

}  // namespace placer
