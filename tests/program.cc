#include "tests/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <stdexcept>

extern char** environ;

namespace placer {

Program::Program(const std::vector<std::string>& arguments, const std::string& folder) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe2: " + std::string(std::strerror(errno)));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int failed = posix_spawn(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (failed != 0) throw std::runtime_error(arguments[0] + ": " + std::strerror(failed));
}

Program::~Program() {
  if (!ended_) {
    kill_group(SIGKILL);
    wait();
  }
}

void Program::kill_group(int signal) const { kill(-pid_, signal); }

// Takes what is there to read, waiting for some; false when both ends are closed.
bool Program::read_some() {
  std::array<pollfd, 2> fds{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  if (out_ < 0 && err_ < 0) return false;
  if (poll(fds.data(), fds.size(), -1) < 0) return true;
  const auto take = [](pollfd& ready, int& fd, std::string& text) {
    if (fd < 0 || ready.revents == 0) return;
    std::array<char, 65536> buffer;
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else {
      close(fd);
      fd = -1;
    }
  };
  take(fds[0], out_, result_.out);
  take(fds[1], err_, result_.err);
  return true;
}

bool Program::wait_for_error_output(std::size_t bytes) {
  while (result_.err.size() < bytes) {
    if (err_ < 0 || !read_some()) return false;
  }
  return true;
}

ProgramResult Program::wait() {
  while (read_some()) {
  }
  int status = 0;
  if (!ended_ && waitpid(pid_, &status, 0) == pid_) {
    result_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  ended_ = true;
  return result_;
}

ProgramResult run_program(const std::vector<std::string>& arguments, const std::string& folder) {
  return Program(arguments, folder).wait();
}

std::vector<std::string> query_lines(const std::string& database, const std::string& sql) {
  sqlite3* db = nullptr;
  std::vector<std::string> lines;
  const auto collect = [](void* rows, int count, char** values, char** /*names*/) {
    std::string line;
    for (int i = 0; i < count; ++i) {
      if (i > 0) line += '|';
      line += values[i] == nullptr ? "-" : values[i];
    }
    static_cast<std::vector<std::string>*>(rows)->push_back(line);
    return 0;
  };
  int status = sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
  if (status == SQLITE_OK) status = sqlite3_exec(db, sql.c_str(), collect, &lines, nullptr);
  const std::string message = sqlite3_errmsg(db);
  sqlite3_close(db);
  if (status != SQLITE_OK) throw std::runtime_error(database + ": " + sql + ": " + message);
  return lines;
}

std::vector<std::string> place_rows(const std::string& database) {
  std::string columns;
  for (const std::string& name : query_lines(
           database, "SELECT name FROM pragma_table_info('place') WHERE name NOT LIKE '%_seen'")) {
    columns += (columns.empty() ? "" : ", ") + name;
  }
  return query_lines(database, "SELECT " + columns + " FROM place ORDER BY id");
}

}  // namespace placer
