// The shapes of /api/v1 by short names. They are generated from the server's OpenAPI document (npm run api). Times are
// microseconds since the epoch (fields ending in _us); what is not known is null. Texts that came over the air (names,
// messages, summaries) are just text.

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Micros = number;
export type Stats = Schemas["Stats"];
export type SeriesPoint = Schemas["SeriesPoint"];
export type Agent = Schemas["Agent"];
export type Ledger = Schemas["Ledger"];
export type Node = Schemas["Node"];
export type NodeDetail = Schemas["NodeDetail"];
export type Position = Schemas["Position"];
export type Packet = Schemas["Packet"];
export type PacketDetail = Schemas["PacketDetail"];
export type Reception = Schemas["Reception"];
export type Message = Schemas["Message"];
// Event `reception` of the live stream: one more agent heard a packet that was announced before.
export type LiveReception = Schemas["LiveReception"];
export type Finding = Schemas["Finding"];
export type SearchResults = Schemas["SearchResults"];
// That one node hears another, told in one way; and an hour of it.
export type Link = Schemas["Link"];
export type LinkHour = Schemas["LinkHour"];
// What the filter language knows, of packets and of nodes.
export type FilterFields = Schemas["FilterFields"];
export type FilterVocabulary = Schemas["FilterVocabulary"];

// Content without a shape of its own: what a packet holds.
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
