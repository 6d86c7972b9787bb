#pragma once

#include <cstdint>

namespace mmm::sim {

struct GeoPoint {
  double latitude = 0;   // degrees
  double longitude = 0;  // degrees
};

// Metres, on a flat earth: the meshes are some ten kilometres wide.
double distance_m(GeoPoint a, GeoPoint b);

// The point `metres` away in the direction `bearing` (radians, clockwise from north).
GeoPoint moved(GeoPoint from, double bearing, double metres);

// Direction from a to b, radians clockwise from north, 0..2π.
double bearing_to(GeoPoint a, GeoPoint b);

// Degrees × 1e7, as positions travel.
std::int32_t to_fixed(double degrees);

// What a radio sends at `precision_bits` (1..32): the centre of the cell of that size; 32 is exact.
std::int32_t with_precision(std::int32_t fixed, std::uint32_t precision_bits);

}  // namespace mmm::sim
