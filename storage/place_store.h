// The tables `observation`, `place`, `place_history`, `place_edge`, and the indexes over places.
//
// A place's row is a function of its observations alone, so it does not depend on the order in
// which pages arrive or are grouped into commits. Each field is the first one stated, over the
// observations ordered by rank (trusted formats first, then the more complete), URL and path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "scraper/storage.h"
#include "storage/place_index.h"
#include "storage/sqlite.h"

namespace placer {

// What of a place's row comes from its observations.
struct PlaceRow {
  Place place;
  std::optional<std::string> source_url;  // nothing: no observation is left
  double completeness = 0;
};

// Works inside the caller's transaction; failures stick to the Database, and the caller then calls
// forget().
class PlaceStore {
 public:
  explicit PlaceStore(Database& db);

  // Replaces what page `page` states by the outcome's observations.
  void observe(std::int64_t page, const Completion& completion);

  // The page says the same as before (304 Not Modified).
  void confirm(std::int64_t page, Instant at);

  // Brings the places of all that was observed since the last call up to date. `pass` is the run
  // that began the pass. Returns the number of new places.
  std::uint64_t settle(std::int64_t run, std::int64_t pass);

  void forget();

 private:
  struct Stated;  // an observation as the database has it
  struct Touch {
    std::optional<std::string> identity_key;  // of a place that has no row yet
    Instant first{};
    Instant last{};
  };

  std::vector<Stated> stated_on(std::int64_t page);
  void state(std::int64_t page, const Completion& completion, const Observation& observation,
             const Stated* before);
  std::int64_t id_for(const std::string& identity_key);
  void touch(std::int64_t place, Instant at);
  PlaceRow merged(std::int64_t place);
  bool settle_place(std::int64_t place, const Touch& touch, std::int64_t run, std::int64_t pass);
  void insert(std::int64_t place, const PlaceRow& row, const Touch& touch, std::int64_t run);
  void update(std::int64_t place, const PlaceRow& after, const Touch& touch, std::int64_t run,
              std::int64_t pass);
  void record_changes(std::int64_t place, std::int64_t run, std::int64_t pass,
                      const std::string& at, const Place& before, const Place& after,
                      const std::optional<std::string>& gone_before,
                      const std::optional<std::string>& gone_after);

  std::unordered_map<std::int64_t, Touch> touched_;

  Statement select_stated_;
  Statement upsert_observation_;
  Statement delete_observation_;
  Statement confirm_observation_;
  Statement insert_edge_;
  Statement delete_edges_;
  Statement select_key_;
  Statement select_group_;
  Statement select_place_;
  Statement insert_place_;
  Statement update_place_;
  Statement update_last_seen_;
  Statement update_gone_;
  Statement select_creation_;
  Statement upsert_history_;
  Statement trim_history_;
  PlaceIndex index_;
};

}  // namespace placer
