// The tables `observation`, `identity`, `place`, `place_history`, and the indexes over places.
//
// Observations with one exact key (place/identity.h) are an identity. An identity begins as a place
// of its own; the resolution (resolve.h) later finds the identities that are one place. Between
// two resolutions what pages say goes to the places as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "scraper/storage.h"
#include "storage/merged_place.h"
#include "storage/place_index.h"
#include "storage/sqlite.h"

namespace placer {

// Works inside the caller's transaction; failures stick to the Database, and the caller then calls
// forget().
class PlaceStore {
 public:
  explicit PlaceStore(Database& db);

  // Replaces what page `page` states by the outcome's observations; a new one states nothing yet.
  // True when it states something else than before.
  bool observe(std::int64_t page, bool is_new, const Completion& completion);

  // The page says the same as before (304 Not Modified).
  void confirm(std::int64_t page, Instant at);

  // The observation is not valid any more.
  void withdraw(std::int64_t observation, std::int64_t place, Instant at);

  // Brings the places of all that was observed since the last call up to date. `pass` is the run
  // that began the pass. Returns the number of new places.
  std::uint64_t settle(std::int64_t run, std::int64_t pass);

  // Makes, updates or removes the rows of these places after identities moved between them. A
  // place has a row exactly when the identity of its id belongs to it.
  void remake(const std::vector<std::int64_t>& places, std::int64_t run, std::int64_t pass);

  void forget();

 private:
  struct Stated;  // an observation as the database has it
  struct Identity {
    std::int64_t id = 0;
    std::int64_t place = 0;
  };
  struct Touch {
    std::optional<std::string> identity_key;  // of a place that has no row yet
    Instant first{};
    Instant last{};
    Instant stated{};  // by a page; what is withdrawn was not seen
    // All that is said of a place that has no row yet; unless some of it was taken back.
    std::vector<ObservationGroup> observations;
    bool is_all = true;
  };

  std::vector<Stated> stated_on(std::int64_t page);
  bool state(std::int64_t page, const Completion& completion, const Observation& observation,
             const Stated* before);
  Identity identity_for(const std::string& identity_key);
  Touch& touch(std::int64_t place, Instant at);
  bool settle_place(std::int64_t place, Touch touch, std::int64_t run, std::int64_t pass);
  void insert(std::int64_t place, const PlaceRow& row, const std::string& first,
              const std::string& last);
  void remake(std::int64_t place, std::int64_t run, std::int64_t pass);
  void remove(std::int64_t place);
  // False: it has no row. `at`: when it changed; `stated`: when a page last stated it.
  bool update(std::int64_t place, const PlaceRow& after, const std::string& at,
              const std::string& stated, std::int64_t run, std::int64_t pass);
  void record_changes(std::int64_t place, std::int64_t run, std::int64_t pass,
                      const std::string& at, const Place& before, const Place& after,
                      const std::optional<std::string>& gone_before,
                      const std::optional<std::string>& gone_after);

  std::unordered_map<std::int64_t, Touch> touched_;  // by place
  std::unordered_set<std::int64_t> changed_;         // identities that say something else

  Statement select_stated_;
  Statement upsert_observation_;
  Statement delete_observation_;
  Statement confirm_observation_;
  Statement select_identity_;
  Statement insert_identity_;
  Statement insert_unresolved_;
  Statement select_span_;
  Statement select_place_;
  Statement insert_place_;
  Statement update_place_;
  Statement update_last_seen_;
  Statement update_first_seen_;
  Statement delete_place_;
  Statement delete_history_;
  Statement select_creation_;
  Statement upsert_history_;
  Statement trim_history_;
  MergedPlaces merged_;
  PlaceIndex index_;
};

}  // namespace placer
