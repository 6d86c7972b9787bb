"""The objects that BlueZ shows on D-Bus: an adapter, a device with its GATT service, the agent manager."""

import dbus
import dbus.service
from bluez_names import ADDRESS, NAME
from gi.repository import GLib

ADAPTER = "org.bluez.Adapter1"
AGENT = "org.bluez.Agent1"
AGENT_MANAGER = "org.bluez.AgentManager1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
DEVICE = "org.bluez.Device1"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
SERVICE = "org.bluez.GattService1"

SERVICE_UUID = "6ba1b218-15a8-461f-9fa8-5dcae273eafd"
TO_RADIO = "f75c76d2-129e-4dad-a1dd-7866124401e7"
FROM_RADIO = "2c55e69e-4993-11ed-b878-0242ac120002"
FROM_NUM = "ed9da18c-a800-4f66-a670-aa7547e34453"

ADAPTER_PATH = "/org/bluez/hci0"
DEVICE_PATH = ADAPTER_PATH + "/dev_AA_BB_CC_11_22_33"
# Milliseconds, as on the air but shorter: enough that answers and signals come in several turns.
AIR_TIME = 1
DISCOVERY_TIME = 300
RESOLVE_TIME = 50


def error(name, message=""):
    return dbus.exceptions.DBusException(message, name="org.bluez.Error." + name)


def later(milliseconds, action, *arguments):
    def run():
        action(*arguments)
        return False

    GLib.timeout_add(milliseconds, run)


class Item(dbus.service.Object):
    """An object with one interface of properties."""

    INTERFACE = ""

    def __init__(self, world, path):
        super().__init__(world.mock.bus, path)
        self.world = world
        self.mock = world.mock
        self.path = path

    def properties(self):
        return {}

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass

    def tell(self, *names, **values):
        """Signals the present values of these properties, and others."""
        current = self.properties()
        changed = {name: current[name] for name in names} | values
        self.PropertiesChanged(self.INTERFACE, dbus.Dictionary(changed, signature="sv"), dbus.Array([], signature="s"))


class Root(dbus.service.Object):
    def __init__(self, world):
        super().__init__(world.mock.bus, "/")
        self.world = world

    @dbus.service.method(OBJECT_MANAGER, out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self):
        return {item.path: {item.INTERFACE: item.properties()} for item in self.world.items}

    @dbus.service.signal(OBJECT_MANAGER, signature="oa{sa{sv}}")
    def InterfacesAdded(self, path, interfaces):
        pass

    @dbus.service.signal(OBJECT_MANAGER, signature="oas")
    def InterfacesRemoved(self, path, interfaces):
        pass


class World:
    """All objects of a running daemon."""

    def __init__(self, mock):
        self.mock = mock
        self.items = []
        self.agents = {}  # caller → (path, capability)
        self.device = None
        self.root = Root(self)
        self.manager = AgentManager(mock.bus, self)
        self.adapter = Adapter(self, ADAPTER_PATH)
        self.items.append(self.adapter)
        if mock.paired:
            self.add_device()

    def add(self, item):
        self.items.append(item)
        self.root.InterfacesAdded(item.path, {item.INTERFACE: item.properties()})
        return item

    def remove(self, item):
        self.items.remove(item)
        self.root.InterfacesRemoved(item.path, [item.INTERFACE])
        item.remove_from_connection()

    def add_device(self):
        if self.device is None:
            self.device = Device(self, DEVICE_PATH)
            self.add(self.device)

    def remove_all(self):
        if self.device is not None:
            self.device.disconnect()
        for item in self.items + [self.root, self.manager]:
            item.remove_from_connection()
        self.items = []
        self.device = None


class AgentManager(dbus.service.Object):
    def __init__(self, bus, world):
        super().__init__(bus, "/org/bluez")
        self.world = world

    @dbus.service.method(AGENT_MANAGER, in_signature="os", sender_keyword="sender")
    def RegisterAgent(self, path, capability, sender):
        if sender in self.world.agents:
            raise error("AlreadyExists")
        self.world.agents[sender] = (path, str(capability))


class Adapter(Item):
    INTERFACE = ADAPTER

    def __init__(self, world, path):
        super().__init__(world, path)
        self.discovering = None  # the caller
        self.filters = {}

    def properties(self):
        return {
            "Address": "00:11:22:33:44:55",
            "Powered": dbus.Boolean(self.mock.powered),
            "Discovering": dbus.Boolean(self.discovering is not None),
        }

    def power_changed(self):
        self.tell("Powered")
        if not self.mock.powered and self.world.device is not None:
            self.world.device.disconnect()

    def need_power(self):
        if not self.mock.powered:
            raise error("NotReady", "Resource Not Ready")

    @dbus.service.method(ADAPTER, in_signature="a{sv}", sender_keyword="sender")
    def SetDiscoveryFilter(self, wanted, sender):
        self.filters[sender] = {str(key): value for key, value in wanted.items()}

    @dbus.service.method(ADAPTER, sender_keyword="sender")
    def StartDiscovery(self, sender):
        self.need_power()
        wanted = self.filters.get(sender, {})
        if wanted.get("Transport") != "le" or SERVICE_UUID not in wanted.get("UUIDs", []):
            raise error("InvalidArguments", "this radio is only found by its service, on LE")
        self.discovering = sender
        self.mock.say("discovery")
        later(DISCOVERY_TIME, self.discover)

    def discover(self):
        if self.discovering is None:
            return
        if self.mock.visible:
            self.world.add_device()
        later(DISCOVERY_TIME, self.discover)

    @dbus.service.method(ADAPTER)
    def StopDiscovery(self):
        self.discovering = None

    @dbus.service.method(ADAPTER, in_signature="o")
    def RemoveDevice(self, path):
        if self.world.device is None or path != DEVICE_PATH:
            raise error("DoesNotExist")
        self.mock.say("removed")
        self.mock.paired = False
        self.world.device.disconnect()
        self.world.remove(self.world.device)
        self.world.device = None


class Device(Item):
    INTERFACE = DEVICE

    def __init__(self, world, path):
        super().__init__(world, path)
        self.connected = False
        self.resolved = False
        self.gatt = []

    def properties(self):
        return {
            "Adapter": dbus.ObjectPath(ADAPTER_PATH),
            "Address": ADDRESS,
            "Name": NAME,
            "Alias": NAME,
            "Paired": dbus.Boolean(self.mock.paired),
            "Connected": dbus.Boolean(self.connected),
            "ServicesResolved": dbus.Boolean(self.resolved),
            "UUIDs": dbus.Array([SERVICE_UUID], signature="s"),
        }

    def bond_is_stale(self):
        return self.mock.paired and not self.mock.radio.knows_bond and self.mock.radio.pin is not None

    @dbus.service.method(DEVICE, async_callbacks=("done", "failed"))
    def Connect(self, done, failed):
        self.world.adapter.need_power()
        if self.connected:
            raise error("AlreadyConnected")
        if self.world.adapter.discovering is not None:
            raise error("InProgress", "this controller cannot connect while it looks for devices")
        if not self.mock.visible:
            later(200, failed, error("Failed", "le-connection-abort-by-local"))
            return

        def connect():
            self.connected = True
            self.mock.radio.connected()
            self.mock.say("connected")
            self.tell("Connected")
            done()
            if self.bond_is_stale() and self.mock.stale == "drop":
                later(RESOLVE_TIME, self.lose_connection)
            else:
                later(RESOLVE_TIME, self.resolve)

        later(20, connect)

    def resolve(self):
        if not self.connected:
            return
        service = DEVICE_PATH + "/service000a"
        self.gatt = [self.world.add(Service(self.world, service))]
        for number, uuid in enumerate((TO_RADIO, FROM_RADIO, FROM_NUM)):
            path = f"{service}/char{number:04x}"
            self.gatt.append(self.world.add(Characteristic(self.world, path, uuid)))
        self.resolved = True
        self.tell("ServicesResolved")

    @dbus.service.method(DEVICE)
    def Disconnect(self):
        self.mock.say("disconnected")
        self.disconnect()

    def lose_connection(self):
        self.mock.say("lost")
        self.disconnect()

    def disconnect(self):
        if not self.connected:
            return
        self.connected = self.resolved = False
        self.mock.radio.notify = None
        self.tell("Connected", "ServicesResolved")
        for item in self.gatt:
            self.world.remove(item)
        self.gatt = []

    @dbus.service.method(DEVICE, async_callbacks=("done", "failed"), sender_keyword="sender")
    def Pair(self, done, failed, sender):
        if self.mock.paired:
            raise error("AlreadyExists")
        if sender not in self.world.agents:
            raise error("AuthenticationFailed", "no agent")
        if self.mock.radio.pin is None:
            raise error("AuthenticationFailed", "Authentication Failed")
        path, capability = self.world.agents[sender]
        if capability != "KeyboardDisplay":
            raise error("AuthenticationFailed", f"an agent that can {capability}")

        def answered(passkey):
            good = passkey == self.mock.radio.pin
            self.mock.say("paired" if good else "wrong_pin")
            if not good:
                failed(error("AuthenticationFailed", "Authentication Failed"))
                return
            self.mock.paired = self.mock.radio.knows_bond = True
            self.tell("Paired")
            done()

        def refused(reason):
            self.mock.say("refused", reason=str(reason))
            failed(error("AuthenticationRejected", "Authentication Rejected"))

        agent = dbus.Interface(self.mock.bus.get_object(sender, path, introspect=False), AGENT)
        agent.RequestPasskey(dbus.ObjectPath(DEVICE_PATH), reply_handler=answered, error_handler=refused)


class Service(Item):
    INTERFACE = SERVICE

    def properties(self):
        return {"UUID": SERVICE_UUID, "Device": dbus.ObjectPath(DEVICE_PATH), "Primary": dbus.Boolean(True)}


class Characteristic(Item):
    INTERFACE = CHARACTERISTIC
    busy = False  # of the one bearer: an operation of any characteristic is under way

    def __init__(self, world, path, uuid):
        super().__init__(world, path)
        self.uuid = uuid
        self.notifying = False

    def properties(self):
        return {"UUID": self.uuid, "Service": dbus.ObjectPath(self.path.rsplit("/", 1)[0])}

    def need_security(self):
        if self.mock.radio.pin is not None and not (self.mock.paired and self.mock.radio.knows_bond):
            raise error("NotPermitted", "Not paired")

    def operate(self, action, done, failed):
        """Runs the operation after its time on the air. A second one meanwhile is refused, as BlueZ does."""
        if Characteristic.busy:
            self.mock.say("overlap")
            raise error("InProgress")
        Characteristic.busy = True

        def finish():
            Characteristic.busy = False
            if self in self.world.items:
                done(*action())
            else:
                failed(error("Failed", "Not connected"))

        later(AIR_TIME, finish)

    @dbus.service.method(CHARACTERISTIC, in_signature="a{sv}", out_signature="ay", async_callbacks=("done", "failed"))
    def ReadValue(self, _options, done, failed):
        self.need_security()
        if self.uuid != FROM_RADIO:
            raise error("NotSupported")

        def read():
            value = dbus.ByteArray(self.mock.radio.read())
            # BlueZ keeps the value that was read, and says so.
            self.tell(Value=dbus.Array(value, signature="y"))
            return (value,)

        self.operate(read, done, failed)

    @dbus.service.method(CHARACTERISTIC, in_signature="aya{sv}", async_callbacks=("done", "failed"), byte_arrays=True)
    def WriteValue(self, value, options, done, failed):
        self.need_security()
        if self.uuid != TO_RADIO or options.get("type") != "request":
            raise error("NotSupported", "only a write with an answer is never lost")

        def write():
            self.mock.radio.write(bytes(value))
            return ()

        self.operate(write, done, failed)

    @dbus.service.method(CHARACTERISTIC)
    def StartNotify(self):
        self.need_security()
        if self.uuid != FROM_NUM:
            raise error("NotSupported")
        self.mock.say("notifying")
        self.mock.radio.notify = lambda: self.tell(Value=dbus.Array([0, 0, 0, 0], signature="y"))
