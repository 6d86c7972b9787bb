#pragma once

#include "core/store/index/packet_filter.h"
#include "dashboard/query/vocabulary.h"

namespace mmm::dashboard::query {

const Vocabulary& packet_vocabulary();

// Every port that has a name, by number; "none" is index::kPortNotDecoded.
const NameList& port_names();

}  // namespace mmm::dashboard::query
