#pragma once

#include "agent/radio/radio_config.h"
#include "agent/radio/transport.h"
#include "core/async/time_source.h"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace mmm::agent {

// The line that a radio's configuration asks for, closed as yet. `time` must outlive it.
std::unique_ptr<Transport> make_transport(const RadioConfig& radio, boost::asio::any_io_executor executor,
                                          TimeSource& time);

}  // namespace mmm::agent
