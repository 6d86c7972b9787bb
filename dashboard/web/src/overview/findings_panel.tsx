// What is not as it should be, the worst first.

import type { Finding } from "../api/types";
import { Ago, Open, Panel, SkeletonRows } from "../components/parts";
import { severityGrade } from "../logic/findings";
import { cleanName } from "../logic/format";
import { findings } from "../state/findings";
import { t } from "../texts/texts";

// A finding's sentence names nodes and agents in the words of the server.
const kTextLength = 240;

function FindingRow({ finding }: { finding: Finding }) {
  const grade = severityGrade(finding.severity);
  const text = <bdi>{cleanName(finding.text, kTextLength)}</bdi>;
  const to = finding.node ? { node: finding.node } : finding.agent ? { agent: finding.agent } : null;
  return (
    <li data-finding={finding.kind}>
      <span class={`status ${grade}`}>{t.findings.severities[grade]}</span>
      {to ? <Open to={to}>{text}</Open> : <span>{text}</span>}
      {finding.since_us !== null && (
        <span class="faint finding-since">
          <Ago time={finding.since_us} />
        </span>
      )}
    </li>
  );
}

export function FindingsPanel() {
  const list = findings.value;
  return (
    <Panel title={t.findings.title} class="findings" note={list && list.length > 0 && <span class="faint">{list.length}</span>}>
      <div class="panel-body">
        {list === null ? (
          <SkeletonRows count={5} />
        ) : list.length === 0 ? (
          <p class="empty">{t.findings.none}</p>
        ) : (
          <ul class="finding-list">
            {list.map((finding) => (
              <FindingRow key={`${finding.kind} ${finding.node ?? finding.agent ?? finding.text}`} finding={finding} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
