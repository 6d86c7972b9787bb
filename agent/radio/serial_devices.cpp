#include "agent/radio/serial_devices.h"

#include "core/base/encoding.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <system_error>

namespace mmm::agent {

namespace fs = std::filesystem;

namespace {

// Of the attributes that sysfs shows; a USB serial number has at most 126 characters.
constexpr std::size_t kAttributeBytesMax = 256;
// From a tty's device up to the USB device that has the ids: the interface, for converters also the port.
constexpr int kLevelsUpMax = 5;

std::string read_attribute(const fs::path& path) {
  std::ifstream file(path);
  std::string text(kAttributeBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text.substr(0, text.find('\n'));
}

std::optional<std::uint16_t> read_hex(const fs::path& path) {
  const auto text = read_attribute(path);
  std::uint16_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<UsbIdentity> usb_identity(const fs::path& tty) {
  std::error_code error;
  auto place = fs::canonical(tty / "device", error);
  for (int level = 0; !error && level < kLevelsUpMax && place.has_relative_path(); ++level) {
    const auto vendor = read_hex(place / "idVendor");
    const auto product = read_hex(place / "idProduct");
    if (vendor && product) {
      return UsbIdentity{
          .vendor = *vendor, .product = *product, .serial = sanitize_utf8(read_attribute(place / "serial"))};
    }
    place = place.parent_path();
  }
  return std::nullopt;
}

std::vector<fs::path> entries(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    found.push_back(entry->path());
  }
  std::ranges::sort(found);
  return found;
}

// By the name of the device they lead to: the lasting names.
std::map<std::string, std::string> names_by_id(const fs::path& root) {
  std::map<std::string, std::string> names;
  for (const auto& link : entries(root / "dev/serial/by-id")) {
    std::error_code error;
    const auto target = fs::read_symlink(link, error);
    if (!error) names.emplace(target.filename().string(), link.string());
  }
  return names;
}

}  // namespace

UsbLikelihood SerialDevice::likelihood() const {
  return usb ? judge_usb_ids(usb->vendor, usb->product) : UsbLikelihood::kPossible;
}

std::string SerialDevice::describe() const {
  std::string text = path() + " (";
  if (!by_id.empty()) text += name + ", ";
  if (!usb) return text + "no USB ids)";
  text += fmt::format("{:04x}:{:04x}", usb->vendor, usb->product);
  const auto known = describe_usb_ids(usb->vendor, usb->product);
  if (!known.empty()) text += fmt::format(" {}", known);
  return text + ")";
}

std::vector<SerialDevice> list_serial_devices(const fs::path& root) {
  const auto by_id = names_by_id(root);
  std::vector<SerialDevice> devices;
  for (const auto& node : entries(root / "dev")) {
    const auto name = node.filename().string();
    if (!name.starts_with("ttyUSB") && !name.starts_with("ttyACM")) continue;
    const auto lasting = by_id.find(name);
    devices.push_back(SerialDevice{.name = name,
                                   .node = node.string(),
                                   .by_id = lasting == by_id.end() ? "" : lasting->second,
                                   .usb = usb_identity(root / "sys/class/tty" / name)});
  }
  return devices;
}

const SerialDevice* device_at(std::span<const SerialDevice> devices, const fs::path& path) {
  std::error_code error;
  const auto target = fs::canonical(path, error);
  if (error) return nullptr;
  for (const auto& device : devices) {
    if (fs::canonical(device.node, error) == target && !error) return &device;
  }
  return nullptr;
}

}  // namespace mmm::agent
