// What kind of traffic a port number is: the word on its pill and the colour token beside it.

export type PortKind =
  | "text"
  | "position"
  | "nodeinfo"
  | "telemetry"
  | "routing"
  | "traceroute"
  | "neighbors"
  | "encrypted"
  | "other";

interface PortLook {
  label: string;
  kind: PortKind;
}

// The ports that a mesh carries often; any other shows the name that the server gives it.
const kPorts: Record<number, PortLook> = {
  1: { label: "Text", kind: "text" },
  3: { label: "Position", kind: "position" },
  4: { label: "Node info", kind: "nodeinfo" },
  5: { label: "Routing", kind: "routing" },
  6: { label: "Admin", kind: "other" },
  7: { label: "Text", kind: "text" },
  8: { label: "Waypoint", kind: "position" },
  10: { label: "Sensor", kind: "telemetry" },
  34: { label: "Pax count", kind: "telemetry" },
  65: { label: "Store fwd", kind: "other" },
  66: { label: "Range test", kind: "other" },
  67: { label: "Telemetry", kind: "telemetry" },
  70: { label: "Traceroute", kind: "traceroute" },
  71: { label: "Neighbors", kind: "neighbors" },
  73: { label: "Map report", kind: "nodeinfo" },
};

// The same ports by the protocol's names.
const kNumbers: Record<string, number> = {
  TEXT_MESSAGE_APP: 1,
  POSITION_APP: 3,
  NODEINFO_APP: 4,
  ROUTING_APP: 5,
  ADMIN_APP: 6,
  TEXT_MESSAGE_COMPRESSED_APP: 7,
  WAYPOINT_APP: 8,
  DETECTION_SENSOR_APP: 10,
  PAXCOUNTER_APP: 34,
  STORE_FORWARD_APP: 65,
  RANGE_TEST_APP: 66,
  TELEMETRY_APP: 67,
  TRACEROUTE_APP: 70,
  NEIGHBORINFO_APP: 71,
  MAP_REPORT_APP: 73,
};

// "RANGE_TEST_APP" → "Range test"
function fromName(name: string): string {
  const words = name.replace(/_APP$/, "").toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// `port` null: the packet could not be decrypted, so its port is not known.
export function portLook(port: number | null, name: string | null): PortLook {
  if (port == null) return { label: "Encrypted", kind: "encrypted" };
  return kPorts[port] ?? { label: name ? fromName(name) : `Port ${port}`, kind: "other" };
}

// Of a port by its name in the series: "none" is what was not decoded.
export function portLookOf(name: string): PortLook {
  if (name === "none") return portLook(null, null);
  const number = kNumbers[name];
  return number === undefined ? { label: fromName(name), kind: "other" } : portLook(number, name);
}
