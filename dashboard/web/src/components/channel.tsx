// A packet's channel in one word: its name, its index on the radio, or its hash.

import type { Packet } from "../api/types";
import { channelOf, hashText } from "../logic/channels";
import { agentList } from "../state/store";
import { t } from "../texts/texts";

export function Channel({ channel, flags }: { channel: number; flags: Packet["flags"] | null }) {
  const known = channelOf(channel, flags, agentList.value);
  switch (known.kind) {
    case "index":
      return <span title={t.channel.indexHint}>{t.channel.index(known.index)}</span>;
    case "named":
      return <bdi title={`${t.channel.namedHint} (${hashText(known.hash)})`}>{known.name}</bdi>;
    case "hash":
      return <span title={t.channel.hashHint}>{t.channel.hash(hashText(known.hash))}</span>;
    case "keys":
      return <span title={t.channel.keysHint}>{t.channel.keys}</span>;
  }
}
