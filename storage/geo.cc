#include "storage/geo.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace placer {
namespace {

constexpr double kEarthRadiusM = 6'371'008.8;  // mean radius (IUGG)

double radians(double degrees) { return degrees * std::numbers::pi / 180; }
double degrees(double radians) { return radians * 180 / std::numbers::pi; }

void sql_distance(sqlite3_context* context, int count, sqlite3_value** values) {
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size() && i < static_cast<std::size_t>(count); ++i) {
    const int type = sqlite3_value_type(values[i]);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return;  // the result stays NULL
    numbers[i] = sqlite3_value_double(values[i]);
  }
  sqlite3_result_double(context, distance_m({numbers[0], numbers[1]}, {numbers[2], numbers[3]}));
}

}  // namespace

double distance_m(Position a, Position b) {
  const double sin_lat = std::sin(radians(b.lat - a.lat) / 2);
  const double sin_lon = std::sin(radians(b.lon - a.lon) / 2);
  const double h =
      sin_lat * sin_lat + std::cos(radians(a.lat)) * std::cos(radians(b.lat)) * sin_lon * sin_lon;
  return 2 * kEarthRadiusM * std::asin(std::min(1.0, std::sqrt(h)));
}

std::vector<GeoBox> boxes_around(Position centre, double radius_m) {
  constexpr double kMargin = 1e-5;  // degrees; the R*Tree rounds to 32 bits
  const double angle = radius_m / kEarthRadiusM;
  const double lat_span = degrees(angle) + kMargin;
  GeoBox box{centre.lat - lat_span, centre.lat + lat_span, -180, 180};
  const double reach = std::abs(radians(centre.lat)) + angle;
  if (reach >= std::numbers::pi / 2) return {box};  // holds a pole
  const double lon_span =
      degrees(std::asin(std::sin(angle) / std::cos(radians(centre.lat)))) + kMargin;
  box.min_lon = centre.lon - lon_span;
  box.max_lon = centre.lon + lon_span;
  if (box.min_lon < -180) {
    return {{box.min_lat, box.max_lat, -180, box.max_lon},
            {box.min_lat, box.max_lat, box.min_lon + 360, 180}};
  }
  if (box.max_lon > 180) {
    return {{box.min_lat, box.max_lat, box.min_lon, 180},
            {box.min_lat, box.max_lat, -180, box.max_lon - 360}};
  }
  return {box};
}

void add_geo_functions(Database& db) {
  if (!db.ok()) return;
  db.note(sqlite3_create_function_v2(db.raw(), "distance_m", 4,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                     sql_distance, nullptr, nullptr, nullptr),
          "adding distance_m");
}

}  // namespace placer
