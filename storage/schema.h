// The text of schema.sql, embedded at build time.
#pragma once

namespace placer {

inline constexpr int kSchemaVersion = 2;           // PRAGMA user_version
inline constexpr int kApplicationId = 0x706C6372;  // PRAGMA application_id: "plcr"
extern const char* const kSchemaSql;

}  // namespace placer
