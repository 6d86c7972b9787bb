#include "agent/radio/ble/call_errors.h"

#include <gtest/gtest.h>

namespace mmm::agent::ble {
namespace {

TEST(CallErrors, TellWhatIsAboutPairing) {
  for (const CallError& error :
       {CallError{"org.bluez.Error.NotPermitted", "Not paired"}, CallError{"org.bluez.Error.NotAuthorized", ""},
        CallError{"org.bluez.Error.AuthenticationFailed", ""},
        CallError{"org.bluez.Error.Failed", "Operation failed with ATT error: 0x0f"},
        CallError{"org.bluez.Error.Failed", "Operation failed with ATT error: 0x05"}}) {
    EXPECT_TRUE(is_about_authentication(error)) << error.name << " " << error.message;
  }
  for (const CallError& error :
       {CallError{"org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e"},
        CallError{"org.bluez.Error.Failed", "Not connected"},
        CallError{"org.bluez.Error.NotPermitted", "Notify acquired"},
        CallError{"org.bluez.Error.Failed", "le-connection-abort-by-local"}, CallError{kNoReply, ""}}) {
    EXPECT_FALSE(is_about_authentication(error)) << error.name << " " << error.message;
  }
}

TEST(CallErrors, SayWhatToDoWhereAPersonCanDoSomething) {
  const auto words = [](const char* name) { return explain({name, "text"}, "trying").message; };
  EXPECT_NE(words("org.freedesktop.DBus.Error.ServiceUnknown").find("systemctl start bluetooth"), std::string::npos);
  EXPECT_NE(words("org.freedesktop.DBus.Error.AccessDenied").find("group bluetooth"), std::string::npos);
  EXPECT_NE(words("org.bluez.Error.NotReady").find("power on"), std::string::npos);
  EXPECT_EQ(words("org.bluez.Error.Failed"), "trying: text");
  EXPECT_EQ(explain({kNoReply, ""}, "trying").kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace mmm::agent::ble
