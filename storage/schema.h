// The text of schema.sql and of what leads to it from older ones, embedded at build time.
#pragma once

namespace placer {

inline constexpr int kSchemaVersion = 4;           // PRAGMA user_version
inline constexpr int kApplicationId = 0x706C6372;  // PRAGMA application_id: "plcr"
extern const char* const kSchemaSql;
extern const char* const kMigration2Sql;  // migrate_2.sql
extern const char* const kMigration3Sql;  // migrate_3.sql
extern const char* const kMigration4Sql;  // migrate_4.sql

}  // namespace placer
