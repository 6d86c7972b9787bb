#include "perf/sim/mesh/geo.h"

#include <cmath>
#include <numbers>

namespace mmm::sim {
namespace {

constexpr double kMetresPerDegree = 111'320.0;

double radians(double degrees) {
  return degrees * std::numbers::pi / 180.0;
}

struct Offset {
  double east;
  double north;
};

Offset offset_m(GeoPoint a, GeoPoint b) {
  const double scale = std::cos(radians((a.latitude + b.latitude) / 2));
  return {(b.longitude - a.longitude) * kMetresPerDegree * scale, (b.latitude - a.latitude) * kMetresPerDegree};
}

}  // namespace

double distance_m(GeoPoint a, GeoPoint b) {
  const Offset offset = offset_m(a, b);
  return std::hypot(offset.east, offset.north);
}

GeoPoint moved(GeoPoint from, double bearing, double metres) {
  const double scale = std::cos(radians(from.latitude));
  return {from.latitude + std::cos(bearing) * metres / kMetresPerDegree,
          from.longitude + std::sin(bearing) * metres / (kMetresPerDegree * scale)};
}

double bearing_to(GeoPoint a, GeoPoint b) {
  const Offset offset = offset_m(a, b);
  const double angle = std::atan2(offset.east, offset.north);
  return angle < 0 ? angle + 2 * std::numbers::pi : angle;
}

std::int32_t to_fixed(double degrees) {
  return static_cast<std::int32_t>(std::lround(degrees * 1e7));
}

std::int32_t with_precision(std::int32_t fixed, std::uint32_t precision_bits) {
  if (precision_bits == 0 || precision_bits >= 32) return fixed;
  const std::uint32_t cell = 1U << (32U - precision_bits);
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(fixed) & ~(cell - 1)) + cell / 2);
}

}  // namespace mmm::sim
