// Pages that a whole pass did not come across: nothing links to them any more.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/seen_store.h"
#include "storage/sqlite.h"

namespace placer {

// The ids, in order, of pages with observations that this pass neither fetched nor passed over,
// where the page they were once found on was answered in this pass, or is such a page itself.
// A page behind one that failed may well be linked still, so it is not among them; nor is any when
// a limit on the number of pages kept URLs out. REQUIRES: `pass` is complete.
std::vector<std::int64_t> orphaned_pages(Database& db, SeenStore& seen, std::int64_t pass);

}  // namespace placer
