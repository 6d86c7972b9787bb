#include "perf/sim/mesh/names.h"

#include <fmt/format.h>

#include <array>
#include <span>

namespace mmm::sim {
namespace {

using namespace std::string_view_literals;

constexpr std::array kPlaces = {"Olympiaturm"sv, "Isar Nord"sv,     "Giesing"sv,      "Schwabing"sv,   "Westpark"sv,
                                "Hofgarten"sv,   "Nymphenburg"sv,   "Perlach"sv,      "Garching"sv,    "Dachau Hill"sv,
                                "Grünwald"sv,    "Unterföhring"sv,  "Sendling"sv,     "Pasing"sv,      "Freimann"sv,
                                "Haidhausen"sv,  "Bogenhausen"sv,   "Trudering"sv,    "Aubing"sv,      "Ismaning"sv,
                                "Obermenzing"sv, "Neuhausen"sv,     "Lehel"sv,        "Au"sv,          "Laim"sv,
                                "Moosach"sv,     "Milbertshofen"sv, "Fürstenried"sv,  "Forstenried"sv, "Solln"sv,
                                "Harlaching"sv,  "Ramersdorf"sv,    "Berg am Laim"sv, "Riem"sv,        "Feldmoching"sv};
constexpr std::array kThings = {"Router"sv,  "Base"sv,     "Solar"sv,  "Roof"sv,    "Window"sv, "Mobile"sv,
                                "Tracker"sv, "Repeater"sv, "Garden"sv, "Balcony"sv, "Tower"sv,  "Bike"sv};
constexpr std::array kPeople = {"Anna"sv,  "Bruno"sv, "Carla"sv, "Dieter"sv, "Emil"sv, "Franzi"sv, "Gerd"sv,
                                "Heidi"sv, "Ingo"sv,  "Jana"sv,  "Kurt"sv,   "Lena"sv, "Mehmet"sv, "Nadja"sv,
                                "Olga"sv,  "Paweł"sv, "Søren"sv, "Zoë"sv,    "李雷"sv, "Мария"sv};
constexpr std::array kShortEmoji = {"🦊"sv, "🐻"sv, "🚲"sv, "🏠"sv, "📡"sv, "🌲"sv, "⛰"sv, "🔋"sv};

struct HostileName {
  std::string_view long_name;
  std::string_view short_name;
};

constexpr std::array kHostileNames = {
    HostileName{"<img src=x onerror=alert(1)>"sv, "<b>"sv},
    HostileName{"\xE2\x80\xAE"
                "evil eman\xE2\x80\xAC tfel"sv,
                "\xE2\x80\xAE"
                "x"sv},
    HostileName{"مركز الشبكة 🛰️"sv, "شب"sv},
    // Firmware before 2.8 cut names at a byte count: here in the middle of an emoji and of a two-byte letter.
    HostileName{"Grüner Hügel \xF0\x9F\x8C"sv, "Gr\xC3"sv},
    HostileName{"\xFF\xFE broken \x80 bytes \xC0\xAF"sv, "\xFF\x80"sv},
    HostileName{"'; DROP TABLE nodes; --"sv, "';--"sv},
    HostileName{"tab\tnew\nline\x1B[31m red\x07"sv, "\x1B[1"sv},
    HostileName{"null\0inside"sv, "n\0x"sv},
    HostileName{"https://example.org/{{7*7}}${7*7}"sv, "$%{}"sv},
    HostileName{"👨‍👩‍👧 🏳️‍🌈"sv, "🦄"sv},
};
// Every so manieth node, so that small meshes have some too.
constexpr std::size_t kHostileEvery = 6;

constexpr std::array kTexts = {
    "Guten Morgen zusammen!"sv,
    "Anyone on LongFast today?"sv,
    "Test 1 2 3"sv,
    "73 de DL1XYZ"sv,
    "Bin oben am Olympiaberg 👋"sv,
    "New antenna is up, how do you read me?"sv,
    "Lese dich mit 4 Hops"sv,
    "Stromausfall in Giesing?"sv,
    "Radio check"sv,
    "Ja, klar und deutlich"sv,
    "Wer hört den Router am Dachauer Berg?"sv,
    "Solar node back online ☀️"sv,
    "ping"sv,
    "pong"sv,
    "Wetter: 7°C, Regen kommt"sv,
    "Treffen um 19 Uhr im Hofgarten?"sv,
    "Battery down to 20 %, going home"sv,
    "Привет из Мюнхена"sv,
    "你好,世界"sv,
    "مرحبا بالجميع"sv,
    "שלום לכולם"sv,
    "Salut tout le monde 🇫🇷"sv,
    "Grüße aus Garching"sv,
    "Does store & forward work here?"sv,
    "SNR -12, RSSI -118, not bad for 14 km"sv,
    "👍"sv,
    "Danke!"sv,
    "This is a longer message to see how the mesh deals with packets that need more airtime than the short ones do. Over."sv};
constexpr std::array kHostileTexts = {"<script>alert('mesh')</script>"sv,
                                      "\"><img src=x onerror=alert(document.domain)>"sv,
                                      "javascript:alert(1)"sv,
                                      "cut in the middle of \xF0\x9F\x98"sv,
                                      "\x80\x81 raw bytes \xFF"sv,
                                      "line one\nline two\r\n\tthree"sv,
                                      "\xE2\x80\xAEthgir ot tfel\xE2\x80\xAC"sv,
                                      "'; DELETE FROM messages; --"sv};
constexpr double kHostileTextChance = 0.02;

constexpr std::array kTapbacks = {"👍"sv, "👎"sv, "❤️"sv, "😂"sv, "‼️"sv, "❓"sv, "👋"sv, "📡"sv};

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& values, Random& random) {
  return random.pick(std::span<const std::string_view>(values));
}

}  // namespace

NodeName make_node_name(std::size_t index, Random& random) {
  if (index % kHostileEvery == kHostileEvery - 1 && index / kHostileEvery < kHostileNames.size()) {
    const HostileName& name = kHostileNames[index / kHostileEvery];
    return {.long_name = std::string(name.long_name), .short_name = std::string(name.short_name)};
  }
  const std::string_view place = pick(kPlaces, random);
  NodeName name;
  switch (random.below(4)) {
    case 0:
      name.long_name = fmt::format("{} {}", place, pick(kThings, random));
      break;
    case 1:
      name.long_name = fmt::format("{}'s {}", pick(kPeople, random), pick(kThings, random));
      break;
    case 2:
      name.long_name = fmt::format("{} {:02}", place, index % 100);
      break;
    // What a node is called that nobody has named: the tail of its number.
    default:
      name.long_name = fmt::format("Meshtastic {:04x}", random.below(0x10000));
      break;
  }
  if (random.chance(0.2)) {
    name.short_name = pick(kShortEmoji, random);
  } else {
    name.short_name = fmt::format("{:c}{:03}", 'A' + static_cast<char>(random.below(26)), index % 1000);
  }
  return name;
}

std::string make_text(Random& random) {
  if (random.chance(kHostileTextChance)) return std::string(pick(kHostileTexts, random));
  return std::string(pick(kTexts, random));
}

std::string_view make_tapback(Random& random) {
  return pick(kTapbacks, random);
}

}  // namespace mmm::sim
