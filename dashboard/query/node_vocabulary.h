#pragma once

#include "core/store/index/node_filter.h"
#include "dashboard/query/vocabulary.h"

namespace mmm::dashboard::query {

const Vocabulary& node_vocabulary();

const NameList& role_names();
const NameList& hardware_names();

}  // namespace mmm::dashboard::query
