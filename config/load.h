// A job file: YAML text to Job values and back, strictly.
//
// Unknown keys, wrong types, values out of range, duplicate keys, aliases and files above 1 MiB are
// errors. Every error names line and column and, where a known word is near, suggests it.
//
// `extends: base.yaml` begins with the one job of another file, named relative to the file that
// says so, which may extend a third: at most kMostBases. Sections are merged option by option; each
// option, rules and lists too, is taken as a whole, from the file nearest to the job.
#pragma once

#include <functional>
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

// "FILE:LINE:COLUMN: MESSAGE", the form compilers use; the message alone for line 0. `file` is the
// job's; a mark in a file that it extends names that.
std::string format_diagnostic(std::string_view file, const Diagnostic& diagnostic);

// An override in the manner of `--set fetch.timeout=5s`: a dotted key and a value, which is text as
// it stands unless it begins with a bracket, a brace or a quote: then it is YAML.
struct Override {
  std::string key;
  std::string value;
};

inline constexpr std::size_t kMostBases = 8;

// What `extends` needs.
struct BaseFiles {
  std::string job_file;  // the path of the job file; its folder is where the first base is
  // The text of a file, or why it cannot be had.
  std::function<tl::expected<std::string, std::string>(const std::string& path)> read;
};

// Reads every document of `yaml`. Reports all errors it can find, not just the first.
// Overrides apply to every job, those named last win; their errors carry line 0 and the key. Job
// names are unique; a file without jobs is an error. Every job returned can be dumped and loaded.
// Without `bases` no job may extend another.
tl::expected<std::vector<Job>, std::vector<Diagnostic>> load_jobs(
    std::string_view yaml, const std::vector<Override>& overrides = {},
    const BaseFiles& bases = {});

// One YAML document with every option spelled out; load_jobs(dump_job(job)) gives `job` back, but
// for the marks.
std::string dump_job(const Job& job);

// The same without passwords and values of header fields, unless a variable of the environment
// stands for them: for what is stored.
std::string dump_job_without_secrets(Job job);

}  // namespace placer
