// The shapes of /api/v1, as its OpenAPI document describes them. Times are microseconds since the epoch (fields ending
// in _us); what is not known is null. Texts that came over the air (names, messages, summaries) are just text.

export type Micros = number;

export interface Count {
  total: number;
  last_hour: number;
  last_24h: number;
}

export interface SeriesPoint {
  t_us: Micros;
  packets: number;
  receptions: number;
}

export interface PortCount {
  port: number;
  name: string;
  packets: number;
}

export interface Stats {
  now_us: Micros;
  packets: Count;
  receptions: Count;
  nodes: { total: number; online: number };
  agents: { total: number; online: number };
  messages: { total: number };
  projection: { lag_records: number; lag_seconds: number; last_id: number };
  series: { minute: SeriesPoint[]; hour: SeriesPoint[] };
  ports: PortCount[];
  site_name: string | null;
}

export interface Ledger {
  captured: number;
  delivered: number;
  duplicate: number;
  set_aside: number;
  dropped: number;
  filtered: number;
  waiting: number;
}

export interface AgentLink {
  state: string;
  description: string | null;
  reason: string | null;
}

export interface Agent {
  id: string;
  location: { name: string | null; latitude: number | null; longitude: number | null } | null;
  version: string | null;
  stream_count: number;
  first_seen_us: Micros | null;
  last_upload_us: Micros | null;
  clock_skew_us: number | null;
  receptions: number;
  unique_packets?: number | null;
  link: AgentLink | null;
  radio: {
    num: number | null;
    id: string | null;
    firmware: string | null;
    hw_model: string | null;
    role: string | null;
    region: string | null;
    modem_preset: string | null;
  } | null;
  channels: { index: number; name: string; hash: number }[];
  ledger: Ledger | null;
}

export interface Position {
  latitude: number;
  longitude: number;
  altitude: number | null;
  precision_bits: number | null;
  time_us: Micros | null;
}

export interface Node {
  id: string;
  num: number;
  short_name: string | null;
  long_name: string | null;
  hw_model: string | null;
  role: string | null;
  public_key: string | null;
  is_licensed: boolean | null;
  first_heard_us: Micros | null;
  last_heard_us: Micros | null;
  position: Position | null;
  battery_level: number | null;
  voltage: number | null;
  channel_utilization: number | null;
  air_util_tx: number | null;
  uptime_seconds: number | null;
  snr: number | null;
  rssi: number | null;
  hops_away: number | null;
  packets: number;
  via_mqtt: boolean | null;
}

export interface Telemetry {
  time_us: Micros;
  battery_level: number | null;
  voltage: number | null;
  channel_utilization: number | null;
  air_util_tx: number | null;
  uptime_seconds: number | null;
}

export interface HeardBy {
  agent: string;
  last_us: Micros;
  snr: number | null;
  rssi: number | null;
  hops: number | null;
  receptions: number;
}

export interface NodeDetail extends Node {
  positions: Position[];
  telemetry: Telemetry[];
  heard_by: HeardBy[];
  recent_packets: Packet[];
}

export interface Packet {
  id: number;
  time_us: Micros;
  from: string;
  from_name: string | null;
  to: string;
  to_name: string | null;
  packet_id: number;
  port: number | null;
  port_name: string | null;
  channel: number | null;
  hop_start: number | null;
  hop_limit: number | null;
  hops: number | null;
  size: number;
  flags: string[];
  receptions: number;
  best_snr: number | null;
  best_rssi: number | null;
  summary: string | null;
}

export interface Reception {
  id: number;
  agent: string;
  time_us: Micros;
  snr: number | null;
  rssi: number | null;
  hops: number | null;
  hop_limit: number | null;
  relay_node: number | null;
  flags: string[];
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface PacketDetail extends Omit<Packet, "receptions"> {
  payload: Json;
  raw_hex: string | null;
  decode_error: string | null;
  receptions: Reception[];
}

export interface Message {
  id: number;
  time_us: Micros;
  from: string;
  from_name: string | null;
  to: string;
  channel: number | null;
  text: string;
  reply_id: number | null;
  emoji: number | null;
  receptions: number;
}

// Event `reception` of the live stream: one more agent heard a packet that was announced before.
export interface LiveReception {
  packet: number;
  agent: string;
  snr: number | null;
  rssi: number | null;
  hops: number | null;
  time_us: Micros;
}
