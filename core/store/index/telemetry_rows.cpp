#include "core/store/index/telemetry_rows.h"

#include "core/base/varint.h"

#include <algorithm>
#include <bit>

namespace mmm::index {
namespace {

template <class Bits>
void append_bits(std::string& out, Bits bits) {
  for (unsigned i = 0; i < sizeof bits; ++i) out.push_back(static_cast<char>(bits >> (8 * i)));
}

void append_float(std::string& out, double value) {
  append_bits(out, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
}

template <class Bits, class Float>
bool take_bits(std::string_view& bytes, double& value) {
  if (bytes.size() < sizeof(Bits)) return false;
  Bits bits = 0;
  for (unsigned i = 0; i < sizeof bits; ++i) bits |= Bits{static_cast<unsigned char>(bytes[i])} << (8 * i);
  bytes.remove_prefix(sizeof bits);
  value = static_cast<double>(std::bit_cast<Float>(bits));
  return true;
}

}  // namespace

void Summary::add(double number) {
  const double value = static_cast<float>(number);
  minimum = count == 0 ? value : std::min(minimum, value);
  maximum = count == 0 ? value : std::max(maximum, value);
  sum += value;
  ++count;
}

std::string encode_summaries(const std::map<std::uint32_t, Summary>& fields) {
  std::string bytes;
  for (const auto& [number, summary] : fields) {
    append_varint(bytes, number);
    append_varint(bytes, summary.count);
    append_float(bytes, summary.minimum);
    if (summary.count == 1) continue;
    append_float(bytes, summary.maximum);
    append_bits(bytes, std::bit_cast<std::uint64_t>(summary.sum));
  }
  return bytes;
}

std::map<std::uint32_t, Summary> decode_summaries(std::string_view bytes) {
  std::map<std::uint32_t, Summary> fields;
  std::uint64_t number = 0;
  Summary summary;
  while (!bytes.empty() && take_varint(bytes, number) && take_varint(bytes, summary.count)) {
    if (!take_bits<std::uint32_t, float>(bytes, summary.minimum)) break;
    summary.maximum = summary.minimum;
    summary.sum = summary.minimum;
    if (summary.count != 1 && (!take_bits<std::uint32_t, float>(bytes, summary.maximum) ||
                               !take_bits<std::uint64_t, double>(bytes, summary.sum))) {
      break;
    }
    fields[static_cast<std::uint32_t>(number)] = summary;
  }
  return fields;
}

}  // namespace mmm::index
