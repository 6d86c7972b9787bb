// The newest text messages, as text.

import { Channel } from "../components/channel";
import { Ago, NodeLink, Open, Panel, SkeletonRows } from "../components/parts";
import { MessageReceptions } from "../components/receptions";
import { cleanName, kBroadcast } from "../logic/format";
import { messages } from "../state/store";
import { t } from "../texts/texts";

// A LoRa text has at most 237 bytes; a longer one did not come from a radio.
const kTextLength = 240;

export function MessagesPanel() {
  const list = messages.value;
  return (
    <Panel title={t.messages.title} class="messages">
      <div class="panel-body">
        {list == null ? (
          <SkeletonRows count={5} />
        ) : list.length === 0 ? (
          <p class="empty">{t.messages.empty}</p>
        ) : (
          <ol class="message-list">
            {list.map((message) => (
              <li key={message.id}>
                <div class="message-head">
                  <NodeLink id={message.from} name={message.from_name} />
                  <span class="faint message-channel clip">
                    {message.to !== kBroadcast ? t.messages.direct : <Channel channel={message.channel} flags={null} />}
                  </span>
                  <span class="spring" />
                  <Open to={{ packet: message.id }} class="faint">
                    <MessageReceptions message={message} />
                  </Open>
                  <span class="faint message-age">
                    <Ago time={message.time_us} />
                  </span>
                </div>
                <p dir="auto">{cleanName(message.text, kTextLength)}</p>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Panel>
  );
}
