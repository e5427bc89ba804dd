// Distances on the earth, in C++ and in SQL.
#pragma once

#include <vector>

#include "storage/sqlite.h"

namespace placer {

struct Position {
  double lat = 0;  // WGS 84 degrees
  double lon = 0;
};

// Great-circle distance in metres by the haversine formula on a sphere of radius 6,371,008.8 m;
// within 0.6 % of the ellipsoid.
double distance_m(Position a, Position b);

// A box of degrees that holds all points within a distance.
struct GeoBox {
  double min_lat, max_lat, min_lon, max_lon;
};

// One box; two where the circle crosses the 180th meridian.
std::vector<GeoBox> boxes_around(Position centre, double radius_m);

// Adds distance_m(lat, lon, lat, lon) to the SQL of this connection; NULL for an argument that is
// no number.
void add_geo_functions(Database& db);

}  // namespace placer
