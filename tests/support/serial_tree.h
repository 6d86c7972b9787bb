#pragma once

#include "tests/support/temp_dir.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace mmm::test {

// A file system with serial devices in /dev and /sys as Linux shows them, in a directory of the test.
class SerialTree {
 public:
  struct Usb {
    std::string vendor;  // four hex digits
    std::string product;
    std::string serial;  // empty: the device has none
  };

  [[nodiscard]] const std::filesystem::path& root() const { return directory_.path(); }
  [[nodiscard]] std::string dev(const std::string& name) const { return (root() / "dev" / name).string(); }

  // A converter (ttyUSB*) has one level more in /sys than a board with native USB (ttyACM*). `target`: what the node
  // leads to, such as a pseudo terminal; empty: a plain file.
  void plug(const std::string& name, const Usb& usb, const std::string& by_id = {}, const std::string& target = {}) {
    add_node(name, target);
    const auto device = root() / "sys/devices/pci0/usb1" / ("1-" + name);
    auto port = device / ("1-" + name + ":1.0");
    if (name.starts_with("ttyUSB")) port /= name;
    std::filesystem::create_directories(port);
    std::ofstream(device / "idVendor") << usb.vendor << "\n";
    std::ofstream(device / "idProduct") << usb.product << "\n";
    if (!usb.serial.empty()) std::ofstream(device / "serial") << usb.serial << "\n";
    const auto tty = root() / "sys/class/tty" / name;
    std::filesystem::create_directories(tty);
    std::filesystem::create_directory_symlink(port, tty / "device");
    if (by_id.empty()) return;
    std::filesystem::create_directories(root() / "dev/serial/by-id");
    std::filesystem::create_symlink("../../" + name, root() / "dev/serial/by-id" / by_id);
  }

  void add_node(const std::string& name, const std::string& target = {}) {
    std::filesystem::create_directories(root() / "dev");
    if (target.empty()) {
      std::ofstream(root() / "dev" / name) << "";
    } else {
      std::filesystem::create_symlink(target, root() / "dev" / name);
    }
  }

  void unplug(const std::string& name) {
    std::filesystem::remove(root() / "dev" / name);
    std::filesystem::remove_all(root() / "sys/class/tty" / name);
    std::filesystem::remove_all(root() / "sys/devices/pci0/usb1" / ("1-" + name));
    std::error_code error;
    for (std::filesystem::directory_iterator link(root() / "dev/serial/by-id", error), end; !error && link != end;) {
      const auto path = link->path();
      link.increment(error);
      if (std::filesystem::read_symlink(path).filename() == name) std::filesystem::remove(path);
    }
  }

 private:
  TempDir directory_;
};

}  // namespace mmm::test
