// What to do first: the agent's configuration and its command, ready to be copied.

import { useRef } from "preact/hooks";
import { CopyButton } from "../components/copy_button";
import { t } from "../texts/texts";

// A text for the clipboard, whole and in its lines.
function Command({ text, label, name }: { text: string; label: string; name: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <div class="command">
      <code ref={code} data-command={name}>
        {text}
      </code>
      <CopyButton text={text} label={label} shown={() => code.current} />
    </div>
  );
}

function isThisComputer(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || host.startsWith("127.");
}

export function NoAgent() {
  return (
    <div class="empty no-agent">
      <h3>{t.agents.emptyTitle}</h3>
      <p>
        {t.agents.emptyText} <span class="mono">{t.agents.configName}</span>
      </p>
      <Command text={t.agents.config(location.origin)} label={t.agents.copyConfig} name="config" />
      <p class="faint">
        {t.agents.emptyKey}
        {isThisComputer(location.hostname) && ` ${t.agents.emptyAddress(location.hostname)}`}
      </p>
      <p>{t.agents.emptyRun}</p>
      <Command text={t.agents.command} label={t.agents.copyCommand} name="run" />
    </div>
  );
}
