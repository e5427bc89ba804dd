// A job file: YAML text to Job values and back, strictly.
//
// Unknown keys, wrong types, values out of range, duplicate keys, aliases and files above 1 MiB are
// errors. Every error names line and column and, where a known word is near, suggests it.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "config/config.h"

namespace placer {

// One thing wrong with a job file.
struct Diagnostic {
  SourceMark mark;
  std::string message;  // "extract: unknown key 'formts' (did you mean 'formats'?)"
};

// "FILE:LINE:COLUMN: MESSAGE", the form compilers use; the message alone for line 0.
std::string format_diagnostic(std::string_view file, const Diagnostic& diagnostic);

// An override in the manner of `--set fetch.timeout=5s`: a dotted key and a value, which is text as
// it stands unless it begins with a bracket, a brace or a quote: then it is YAML.
struct Override {
  std::string key;
  std::string value;
};

// Reads every document of `yaml`. Reports all errors it can find, not just the first.
// Overrides apply to every job, those named last win; their errors carry line 0 and the key. Job
// names are unique; a file without jobs is an error. Every job returned can be dumped and loaded.
tl::expected<std::vector<Job>, std::vector<Diagnostic>> load_jobs(
    std::string_view yaml, const std::vector<Override>& overrides = {});

// One YAML document with every option spelled out; load_jobs(dump_job(job)) gives `job` back, but
// for the marks.
std::string dump_job(const Job& job);

// The same without the values of request headers, which may be secrets: for what is stored.
std::string dump_job_without_secrets(Job job);

}  // namespace placer
