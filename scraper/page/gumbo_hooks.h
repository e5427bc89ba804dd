// What stops a Gumbo parse that allocates nothing.
//
// Gumbo's allocator hooks alone cannot: a tree of 10^5 open elements makes it walk them all for
// each character of text, and merging the attributes of two body elements is as quiet. But two of
// its own functions take part in all such work, and the program's definitions replace them:
// gumbo_debug, empty in Gumbo's release builds, is called at least once per token;
// gumbo_get_attribute is the inner loop of merging. How the replacement is linked depends on where
// Gumbo comes from: gumbo.cmake.
#pragma once

namespace placer {

class Arena;

// From now on each piece of work of Gumbo on this thread is a step() of `arena`, which may longjmp
// out of it; null ends that. REQUIRES: the Arena lives until then.
void count_gumbo_steps(Arena* arena);

}  // namespace placer
