// Two joined sockets, and file descriptors sent through one of them (unix(7), SCM_RIGHTS).
#pragma once

#include <optional>

namespace placer {

struct SocketPair {
  int ours = -1;    // non-blocking
  int theirs = -1;  // blocking
};

// Both ends are streams and close on exec. Throws std::system_error.
SocketPair make_socket_pair();

// Sends one byte, and with it a copy of `descriptor` unless that is -1. False with errno set when
// it cannot be sent, or not yet (EAGAIN).
bool send_descriptor(int socket, int descriptor);

// Waits for a byte: the descriptor that came with it, which closes on exec and is the caller's to
// close; -1 when none did. Nothing when the peer has closed its end.
std::optional<int> receive_descriptor(int socket);

}  // namespace placer
