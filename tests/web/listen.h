// Sockets that listen, and addresses as text.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/web/server.h"

namespace placer::web {

// Throws std::system_error for what `errno` says.
[[noreturn]] void throw_errno(const std::string& what);

// Non-blocking sockets listening on all addresses with one port, in their order. Throws
// std::system_error.
std::vector<int> listen_on_all(const ServerOptions& options);

std::uint16_t bound_port(int fd);

// "127.0.0.1:8080".
std::string text_of(const sockaddr_storage& storage);

}  // namespace placer::web
