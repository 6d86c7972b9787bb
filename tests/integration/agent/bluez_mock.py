"""BlueZ on a bus of the test's own, with one Meshtastic radio in reach whose messages come from mmm-sim's TCP port.

Needs Debian's python3-dbus and python3-gi, so it runs under /usr/bin/python3. Behaves as BlueZ 5.66 does for what the
agent uses, and checks the order of the calls as BlueZ or a radio's firmware would: what comes out of order is refused.
Orders come as JSON lines from a named pipe, what happens goes out as JSON lines on standard output.
"""

import argparse
import json
import os

import bluez_objects
import dbus
import dbus.bus
import dbus.mainloop.glib
from ble_radio import Radio
from gi.repository import GLib


class Mock:
    """The daemon: its objects, the radio behind them, and the test's orders."""

    def __init__(self, arguments):
        self.bus = dbus.SystemBus()
        self.name = None
        self.radio = Radio(arguments.radio, self.say, arguments.pin)
        self.radio.ended = self.radio_ended
        self.radio.knows_bond = arguments.bond == "good"
        self.paired = arguments.bond != "none"
        self.stale = arguments.stale
        self.visible = not arguments.hidden
        self.powered = not arguments.off
        self.world = None

    def say(self, event, **details):
        print(json.dumps({"event": event, **details}), flush=True)

    # ---- The daemon's life ----

    def start(self):
        self.name = dbus.service.BusName("org.bluez", self.bus, do_not_queue=True)
        self.world = bluez_objects.World(self)
        self.say("started")

    def stop(self):
        self.world.remove_all()
        self.world = None
        self.bus.release_name("org.bluez")
        self.name = None
        self.say("stopped")

    def radio_ended(self):
        if self.world is not None:
            self.world.device.lose_connection()

    # ---- Orders ----

    def order(self, line):
        order = json.loads(line)
        self.say("order", order=order)
        getattr(self, "order_" + order.pop("do"))(**order)

    def order_stop(self):
        self.stop()

    def order_start(self):
        self.start()

    def order_power(self, on):
        self.powered = on
        self.world.adapter.power_changed()

    def order_show(self, visible):
        self.visible = visible

    def order_lose_notifications(self, lose):
        self.radio.lose_notifications = lose

    def order_disconnect(self):
        """The radio goes out of reach for a moment."""
        self.world.device.lose_connection()

    def order_steal(self):
        """Another program on the bus asks the agent's pairing agent for the PIN."""
        thief = dbus.bus.BusConnection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
        owner, (path, _) = next(iter(self.world.agents.items()))
        agent = dbus.Interface(thief.get_object(owner, path, introspect=False), bluez_objects.AGENT)
        try:
            self.say("stolen", pin=int(agent.RequestPasskey(dbus.ObjectPath(bluez_objects.DEVICE_PATH), timeout=30)))
        except dbus.exceptions.DBusException as refusal:
            self.say("kept", reason=refusal.get_dbus_name())
        thief.close()

    def order_reset_radio(self):
        """A factory reset: the radio forgets whom it was paired with."""
        self.radio.knows_bond = False
        self.world.device.lose_connection()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--radio", required=True, help="HOST:PORT of mmm-sim")
    parser.add_argument("--orders", required=True, help="a named pipe")
    parser.add_argument("--pin", type=int, help="the radio wants to be paired with it")
    parser.add_argument("--bond", choices=["none", "good", "stale"], default="none", help="what BlueZ remembers")
    parser.add_argument("--stale", choices=["gatt", "drop"], default="gatt", help="how a stale bond shows")
    parser.add_argument("--hidden", action="store_true", help="the radio is not in reach")
    parser.add_argument("--off", action="store_true", help="the adapter is not powered")
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    arguments = parser.parse_args()
    mock = Mock(arguments)
    # For writing too: without a writer the pipe would end after the first order.
    orders = os.open(arguments.orders, os.O_RDWR)
    pending = b""

    def read_orders(_source, _condition):
        nonlocal pending
        pending += os.read(orders, 4096)
        *lines, pending = pending.split(b"\n")
        for line in lines:
            mock.order(line)
        return True

    GLib.io_add_watch(orders, GLib.IO_IN, read_orders)
    mock.start()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
