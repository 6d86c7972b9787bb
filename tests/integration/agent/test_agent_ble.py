"""mmm-agent with a radio on BLE: BlueZ is a mock on a bus of the test's own, the radio's messages come from mmm-sim."""

import json
import os
import subprocess
import unittest
from collections import Counter
from pathlib import Path

import wire
from agent_site import AGENT, AgentTest
from bluez_names import ADDRESS, NAME
from processes import wait_until

MOCK = Path(__file__).with_name("bluez_mock.py")
# Debian's modules for D-Bus belong to Debian's Python.
SYSTEM_PYTHON = "/usr/bin/python3"
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
PIN = "012345"
HEARTBEAT = 7  # the field of ToRadio
# Times that everything must be there before it is believed that nothing more comes.
LOOKS = 6


class BleProcess(AgentTest):
    def setUp(self):
        super().setUp()
        address = self.directory / "bus.socket"
        config = self.directory / "bus.conf"
        config.write_text(BUS_CONFIG.format(socket=address))
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={address}"}
        bus = self.program("bus", ["dbus-daemon", "--nofork", "--print-address", f"--config-file={config}"]).start()
        bus.wait_for_output(r"^unix:")
        self.orders = self.directory / "orders"
        os.mkfifo(self.orders)
        self.ordered = 0

    def start_radio(self, *options, packets=150, rate=200, faults=()):
        sim = self.sim("--listen", "127.0.0.1:0", "--rate", str(rate), "--packets", str(packets), "--start-when", "connected",
                       *(word for fault in faults for word in ("--fault", fault)))
        port = sim.wait_for_output(r"^radio 1 tcp 127\.0\.0\.1:(\d+)")[1]
        arguments = [SYSTEM_PYTHON, MOCK, "--radio", f"127.0.0.1:{port}", "--orders", self.orders, *options]
        self.mock = self.program("bluez", arguments, self.environment).start()
        self.mock.wait_for_output(r'"started"')
        return sim

    def start_agent(self, settings):
        config = self.write_config(f"connection_type = ble\n{settings}")
        self.agent = self.program("agent", [AGENT, "--config", config, "--log-level", "debug"], self.environment)
        return self.agent.start()

    def order(self, what, **details):
        """Tells the mock to do something, and waits until it has."""
        self.ordered += 1
        with open(self.orders, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps({"do": what, **details}) + "\n")
        wait_until(lambda: len(self.events("order")) >= self.ordered, f"the mock does {what}", alive=(self.mock,))

    def events(self, name):
        lines = self.mock.stdout_path.read_text().splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def heartbeats(self):
        """The nonces of those that were written."""
        messages = [wire.message(bytes.fromhex(event["hex"])) for event in self.events("write")]
        return [wire.message(message[HEARTBEAT]).get(1, 0) for message in messages if HEARTBEAT in message]

    def wait_for_words(self, words):
        self.agent.wait_for_output(words, path=self.agent.stderr_path)

    def wait_for_packets(self, count):
        wait_until(lambda: len(self.delivered_packets()) >= count, f"{count} packets arrive", alive=(self.agent, self.mock))

    def delivered(self):
        return sorted(packet.hex() for packet in self.delivered_packets())

    def check(self, sim):
        """Everything has arrived once, and neither side did what the other one forbids or loses."""
        sim.wait_for_output(r"^done ")
        looks = 0

        def settled():
            # A request for the configuration makes the radio send more: equal for a while, then.
            nonlocal looks
            looks = looks + 1 if self.delivered() == sorted(self.truth_packets()) else 0
            return looks >= LOOKS

        wait_until(settled, "everything is delivered", alive=(self.agent, self.mock))
        self.assertEqual(self.agent.stop(), 0)
        self.assertEqual(self.delivered(), sorted(self.truth_packets()))
        self.mock.check_alive()
        self.assertEqual([event for event in self.events("write") if event["repeat"]], [])
        self.assertEqual(self.events("overlap"), [])
        # The radio is free for others once the agent has ended.
        wait_until(lambda: self.events("disconnected"), "the agent disconnects", alive=(self.mock,))
        self.check_no_secret()

    def check_no_secret(self):
        self.assertNotIn(PIN, self.agent.stderr_path.read_text())
        self.assertNotIn(str(int(PIN)), self.agent.stderr_path.read_text())

    # ---- The way to the radio ----

    def test_everything_a_radio_delivers_arrives_once(self):
        sim = self.start_radio(packets=400)
        self.start_agent(f"ble_address = {ADDRESS.lower()}")
        self.check(sim)
        self.assertEqual(len(self.events("connected")), 1)
        self.wait_for_words(rf"ble {NAME} \({ADDRESS}\): ready")

    def test_a_radio_is_found_by_its_name(self):
        sim = self.start_radio()
        self.start_agent(f"ble_address = {NAME}")
        self.check(sim)

    def test_the_only_radio_in_reach_needs_no_name(self):
        sim = self.start_radio()
        self.start_agent("")
        self.check(sim)

    def test_a_paired_radio_is_not_looked_for(self):
        sim = self.start_radio("--pin", PIN, "--bond", "good")
        self.start_agent(f"ble_address = {ADDRESS}\nble_pin = {PIN}")
        self.check(sim)
        self.assertEqual(self.events("discovery"), [])
        self.assertEqual(self.events("paired"), [])

    def test_a_radio_that_is_not_in_reach_is_waited_for(self):
        sim = self.start_radio("--hidden")
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_words(rf"no radio {NAME} found over Bluetooth within 30 s")
        self.order("show", visible=True)
        self.check(sim)

    def test_an_adapter_that_is_off_is_said_and_waited_for(self):
        sim = self.start_radio("--off")
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_words("Bluetooth is switched off")
        self.order("power", on=True)
        self.check(sim)

    def test_without_bluez_it_says_what_to_start(self):
        sim = self.start_radio()
        self.order("stop")
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_words("BlueZ, the Bluetooth service of this machine, does not run")
        self.order("start")
        self.check(sim)

    # ---- Pairing ----

    def test_pairs_with_the_configured_pin(self):
        sim = self.start_radio("--pin", PIN)
        pin_file = self.directory / "pin"
        pin_file.write_text(PIN + "\n")
        self.start_agent(f"ble_address = {NAME}\nble_pin_file = {pin_file}")
        self.check(sim)
        self.assertEqual(len(self.events("paired")), 1)

    def test_only_bluez_is_told_the_pin(self):
        sim = self.start_radio("--pin", PIN)
        self.start_agent(f"ble_address = {NAME}\nble_pin = {PIN}")
        self.wait_for_packets(1)
        self.order("steal")
        wait_until(lambda: self.events("kept") + self.events("stolen"), "an answer", alive=(self.mock,))
        self.assertEqual([event["reason"] for event in self.events("kept")], ["org.bluez.Error.Rejected"])
        self.check(sim)

    def test_a_wrong_pin_is_said_in_words(self):
        self.start_radio("--pin", PIN)
        self.start_agent(f"ble_address = {NAME}\nble_pin = 999999")
        self.wait_for_words(r"refused the PIN: is \[meshtastic\] ble_pin")
        self.assertNotIn("999999", self.agent.stderr_path.read_text())
        self.assertTrue(self.events("wrong_pin"))
        self.assertEqual(self.agent.stop(), 0)

    def test_without_a_pin_it_says_which_key_to_set(self):
        self.start_radio("--pin", PIN)
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_words(r"wants to be paired: set \[meshtastic\] ble_pin")
        self.assertEqual(self.agent.stop(), 0)

    def test_a_pin_for_a_radio_that_has_none_is_said_in_words(self):
        self.start_radio()
        self.start_agent(f"ble_address = {NAME}\nble_pin = {PIN}")
        self.wait_for_words(r"asked for no PIN: .* leave \[meshtastic\] ble_pin out")
        self.check_no_secret()
        self.assertEqual(self.agent.stop(), 0)

    def check_pairs_anew(self, *options):
        sim = self.start_radio("--pin", PIN, "--bond", "stale", *options)
        self.start_agent(f"ble_address = {NAME}\nble_pin = {PIN}")
        self.check(sim)
        self.assertEqual(len(self.events("removed")), 1)
        self.assertEqual(len(self.events("paired")), 1)

    def test_pairs_anew_with_a_radio_that_refuses_to_be_read(self):
        self.check_pairs_anew("--stale", "gatt")

    def test_pairs_anew_with_a_radio_that_ends_each_connection(self):
        self.check_pairs_anew("--stale", "drop")

    def test_a_radio_that_is_reset_meanwhile_is_paired_anew(self):
        sim = self.start_radio("--pin", PIN, packets=300, rate=100)
        self.start_agent(f"ble_address = {NAME}\nble_pin = {PIN}")
        self.wait_for_packets(50)
        self.order("reset_radio")
        self.check(sim)
        self.assertEqual(len(self.events("paired")), 2)

    # ---- Trouble on the way ----

    def test_a_lost_connection_is_made_again(self):
        sim = self.start_radio(packets=600, rate=100)
        self.start_agent(f"ble_address = {NAME}")
        for round_number in range(3):
            self.wait_for_packets(60 * (round_number + 1))
            self.order("disconnect")
            wait_until(
                lambda wanted=round_number + 2: len(self.events("connected")) >= wanted, "it connects again", alive=(self.agent,)
            )
        self.check(sim)

    def test_a_radio_that_restarts_is_asked_again(self):
        sim = self.start_radio(packets=300, rate=100, faults=("reboot=90",))
        self.start_agent(f"ble_address = {NAME}")
        self.check(sim)
        self.assertGreaterEqual(len(self.events("lost")), 2)

    def test_a_radio_that_stalls_and_drops_its_central_loses_nothing(self):
        sim = self.start_radio(packets=300, rate=100, faults=("stall=0.02:0.5", "disconnect=70", "reboot=130"))
        self.start_agent(f"ble_address = {NAME}")
        self.check(sim)
        self.assertGreaterEqual(len(self.events("lost")), 2)

    def test_the_connection_of_a_killed_agent_is_taken_over(self):
        sim = self.start_radio(packets=400, rate=100)
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_packets(50)
        self.agent.kill()
        self.agent.start()
        sim.wait_for_output(r"^done ")
        last = self.truth_packets()[-1]
        wait_until(lambda: last in self.delivered(), "the last packet arrives", alive=(self.agent, self.mock))
        self.assertEqual(self.agent.stop(), 0)
        self.assertEqual(len(self.events("connected")), 1)
        # What the killed agent had read and not yet kept is lost with it; nothing comes twice.
        self.assertFalse(Counter(self.delivered()) - Counter(self.truth_packets()))

    def test_a_bluez_that_restarts_is_waited_for(self):
        sim = self.start_radio(packets=400, rate=100)
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_packets(50)
        self.order("stop")
        # It depends on which of BlueZ's last signals the agent sees first.
        self.wait_for_words("BlueZ has stopped|connection to the radio is lost")
        self.wait_for_words("BlueZ, the Bluetooth service of this machine, does not run")
        self.order("start")
        self.check(sim)

    def test_a_radio_that_says_nothing_is_read_and_asked_from_time_to_time(self):
        sim = self.start_radio(packets=300, rate=100)
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_packets(50)
        self.order("lose_notifications", lose=True)
        # Two heartbeats with nothing else between them: a radio would drop the second if it equalled the first.
        wait_until(lambda: len(self.heartbeats()) >= 2, "two heartbeats", alive=(self.agent, self.mock))
        self.check(sim)
        self.assertEqual(len(self.events("connected")), 1)
        self.assertGreater(min(self.heartbeats()), 1)

    def test_a_bus_that_goes_away_is_said_in_words(self):
        self.start_radio()
        self.start_agent(f"ble_address = {NAME}")
        self.wait_for_packets(10)
        self.programs[0].kill()
        self.wait_for_words("D-Bus")
        self.assertEqual(self.agent.stop(), 0)


if __name__ == "__main__":
    subprocess.run([SYSTEM_PYTHON, "-c", "import dbus, gi"], check=True)
    unittest.main()
