#pragma once

#include "metrics/registry.h"

// Metrics that both programs serve. Names follow Prometheus' conventions: base units, _total for counters. Those of the
// process have the names that Prometheus' own client libraries use, so that ready-made dashboards find them.
namespace mmm::metrics::common {

inline const GaugeDefinition kBuildInfo{"mmm_build_info",
                                        {"commit", "program", "version"},
                                        "Always 1; its labels say which version of which program runs."};

inline const CounterDefinition kProcessCpuSeconds{
    "process_cpu_seconds_total", {}, "CPU time used, user and system, in seconds."};
inline const GaugeDefinition kProcessResidentBytes{
    "process_resident_memory_bytes", {}, "Memory in use, as the system counts it."};
inline const GaugeDefinition kProcessVirtualBytes{"process_virtual_memory_bytes", {}, "Address space in use."};
inline const GaugeDefinition kProcessThreads{"process_threads", {}, "Threads of the process."};
inline const GaugeDefinition kProcessOpenFds{
    "process_open_fds", {}, "Open files and sockets. Near process_max_fds: new connections will fail."};
inline const GaugeDefinition kProcessMaxFds{"process_max_fds", {}, "How many files and sockets the process may open."};
inline const GaugeDefinition kProcessStartSeconds{
    "process_start_time_seconds", {}, "When the process started, in seconds since the epoch."};

inline const GaugeDefinition kLogCollectorConnected{
    "mmm_log_collector_connected",
    {"collector"},
    "1 while there is a connection to the collector of log lines; 0: lines wait for it."};
inline const CounterDefinition kLogShippedBytes{
    "mmm_log_shipped_bytes_total", {"collector"}, "Bytes of log lines sent to the collector."};
inline const CounterDefinition kLogDroppedLines{
    "mmm_log_dropped_lines_total",
    {"collector"},
    "Log lines that the collector will never get, since too many waited for it. They are in the log itself."};

}  // namespace mmm::metrics::common
