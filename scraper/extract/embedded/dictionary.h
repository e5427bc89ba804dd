// Places in JSON of unknown make, found by what its keys are called.
//
// What counts as a place is said in dictionary_place.h, how keys are read in dictionary_keys.h.
// Takes time linear in the documents, without recursion; deterministic.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scraper/extract/embedded/dictionary_place.h"
#include "scraper/extractor.h"

namespace placer {

// A cheap look at a text: does it hold a key word without which no place is found in it?
bool mentions_places(std::string_view text);

// Adds the places anywhere in `document`, in its order: their paths are `path` and a JSON Pointer,
// cut to about 512 bytes. An object that is no place may hold some; so may one that is, outside of
// what it says of itself. Texts that are JSON themselves are searched too. At most `kMaxPlaces` in
// all. `path` ends in the name of a list where one is known: "script[3]/stores".
void find_in_dictionary(const nlohmann::json& document, const std::string& path,
                        std::vector<RawPlace>& places);

// The same for a document whose objects and arrays are one list in which numbers are positions in
// it ("devalue", as Nuxt writes its payload).
void find_in_flat_dictionary(const nlohmann::json& list, const std::string& path,
                             std::vector<RawPlace>& places);
bool is_flat_dictionary(const nlohmann::json& document);

inline constexpr std::size_t kMaxDictionaryPlaces = 20'000;

}  // namespace placer
