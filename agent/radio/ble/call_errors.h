#pragma once

#include "agent/radio/ble/bus.h"
#include "core/base/error.h"

#include <string_view>

// What BlueZ's errors mean for a person and for the link. Pure.
namespace mmm::agent::ble {

// The error in words with what to do about it, after what was tried: "connecting to Hill_ab12: …".
Error explain(const CallError& error, std::string_view tried);

// The radio wants a pairing, or does not believe in the one that this machine remembers.
bool is_about_authentication(const CallError& error);

// The PIN was wrong, or nobody gave one in time.
bool is_pairing_refusal(const CallError& error);

// What was asked for is so already.
bool is_done_already(const CallError& error);

}  // namespace mmm::agent::ble
