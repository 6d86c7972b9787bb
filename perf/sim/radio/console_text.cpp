#include "perf/sim/radio/console_text.h"

#include <fmt/format.h>

namespace mmm::sim {

std::string boot_text(std::uint32_t own_num) {
  return fmt::format(
      "ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\nrst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"
      "\x1B[32mINFO \x1B[0m| ??:??:?? 0 \r\n\r\n//\\ E S H T /\\ S T / C\r\n\r\n"
      "\x1B[32mINFO \x1B[0m| ??:??:?? 1 Booted, wake cause 0 (boot count 1)\r\n"
      // An em dash: its last byte is the first of a frame's header.
      "\x1B[34mDEBUG\x1B[0m| ??:??:?? 2 Own node number 0x{:08x} \xE2\x80\x94 region EU_868\r\n",
      own_num);
}

std::string log_line(std::uint32_t uptime_seconds) {
  return fmt::format(
      "\x1B[34mDEBUG\x1B[0m| ??:??:?? {} [Power] Battery: usbPower=1, isCharging=0, batMv=4164, batPct=98\r\n",
      uptime_seconds);
}

}  // namespace mmm::sim
