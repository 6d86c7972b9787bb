// Which agents hear the node, and how well.

import type { NodeDetail } from "../api/types";
import { Ago, Bar, Open, Panel, Snr } from "../components/parts";
import { cleanName, formatCount, formatNumber, kUnknown } from "../logic/format";
import { t } from "../texts/texts";

export function HeardByPanel({ node }: { node: NodeDetail }) {
  const texts = t.nodePage.heardBy;
  const columns = t.node.heardByColumns;
  const all = node.heard_by.reduce((sum, by) => sum + by.receptions, 0);
  return (
    <Panel title={texts.title} class="node-heard" note={<span class="faint">{texts.agents(formatCount(node.heard_by.length))}</span>}>
      <div class="node-body">
        {node.heard_by.length === 0 && <p class="empty">{texts.none}</p>}
        {node.heard_by.length > 0 && (
          <table class="small-table">
            <thead>
              <tr>
                <th>{columns.agent}</th>
                <th class="number">{columns.rx}</th>
                <th class="number">{texts.share}</th>
                <th class="number">{columns.snr}</th>
                <th class="number wide-only">{columns.hops}</th>
                <th class="number">{columns.last}</th>
              </tr>
            </thead>
            <tbody>
              {node.heard_by.map((by) => (
                <tr key={by.agent} data-agent={by.agent}>
                  <td>
                    <Open to={{ agent: by.agent }}>
                      <bdi>{cleanName(by.agent)}</bdi>
                    </Open>
                  </td>
                  <td class="number">{formatCount(by.receptions)}</td>
                  <td class="number" title={texts.shareHint(formatCount(by.receptions), formatCount(all))}>
                    <span class="share">
                      <Bar share={all === 0 ? 0 : by.receptions / all} />
                      {all === 0 ? kUnknown : formatNumber((100 * by.receptions) / all, 0, "%")}
                    </span>
                  </td>
                  <td class="number">
                    <Snr value={by.snr} />
                  </td>
                  <td class="number wide-only">{by.hops ?? kUnknown}</td>
                  <td class="number">
                    <Ago time={by.last_us} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
