// The channels that the agents' radios have, and what could not be read for want of a key.

import { Panel } from "../components/parts";
import { cleanName, formatCount, formatNumber } from "../logic/format";
import { knownChannels } from "../logic/storage";
import { agentList, stats } from "../state/store";
import { t } from "../texts/texts";

export function ChannelsPanel() {
  const texts = t.settingsPage.channels;
  const channels = knownChannels(agentList.value);
  const records = stats.value?.records;
  return (
    <Panel title={texts.title}>
      <div class="settings-body">
        {channels.length === 0 ? (
          <p class="muted">{texts.none}</p>
        ) : (
          <table class="small-table">
            <thead>
              <tr>
                <th>{texts.name}</th>
                <th>{texts.hash}</th>
                <th class="number">{texts.agents}</th>
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <tr key={`${channel.hash} ${channel.name}`}>
                  <td>
                    <bdi>{cleanName(channel.name, 24) || t.unknown}</bdi>
                  </td>
                  <td class="mono">0x{channel.hash.toString(16).padStart(2, "0")}</td>
                  <td class="number">{formatCount(channel.agents)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {records && (
          <p class="muted" data-no-key={records.not_decoded.no_key}>
            {texts.noKey(formatCount(records.not_decoded.no_key), records.total > 0 ? formatNumber((100 * records.not_decoded.no_key) / records.total, 1) : "0")}
          </p>
        )}
        <p class="faint">{texts.more}</p>
      </div>
    </Panel>
  );
}
