#include "ingest/project/identity_changes.h"

#include "core/base/encoding.h"

namespace mmm::ingest {

void note_identity_changes(const index::NodeRow& before, const index::NodeRow& after, std::int64_t time_us,
                           std::vector<index::IdentityChangeRow>& changes) {
  const auto note = [&](index::IdentityField field, std::string value) {
    changes.push_back({.node = after.num, .time_us = time_us, .field = field, .value = std::move(value)});
  };
  if (before.long_name != after.long_name) note(index::IdentityField::kLongName, after.long_name);
  if (before.short_name != after.short_name) note(index::IdentityField::kShortName, after.short_name);
  if (before.role != after.role) note(index::IdentityField::kRole, std::to_string(after.role.value_or(0)));
  if (before.hw_model != after.hw_model) {
    note(index::IdentityField::kHwModel, std::to_string(after.hw_model.value_or(0)));
  }
  if (before.public_key != after.public_key) note(index::IdentityField::kPublicKey, to_hex(after.public_key));
}

}  // namespace mmm::ingest
