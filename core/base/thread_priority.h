#pragma once

namespace mmm {

// How far work stands behind what answers uploads and pages, in steps of nice(2).
enum class Nice : int {
  kFollowing = 5,    // what someone waits for within a second
  kBackground = 10,  // what nobody waits for
};

// Of the calling thread alone. Refused by the system: it goes on at normal priority.
void lower_thread_priority(Nice nice);

}  // namespace mmm
