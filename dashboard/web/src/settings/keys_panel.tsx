// How an agent gets the key that it uploads with. The server shows a key once, on its own machine, and keeps only hashes:
// there is nothing to show here but the commands.

import { useRef } from "preact/hooks";
import { CopyButton } from "../components/copy_button";
import { Panel } from "../components/parts";
import { t } from "../texts/texts";

const kCommands = ["add", "list", "rotate", "revoke"] as const;

function Command({ text }: { text: string }) {
  const code = useRef<HTMLElement>(null);
  return (
    <div class="settings-command">
      <code class="mono" ref={code}>
        {text}
      </code>
      <CopyButton text={text} label={t.agents.copyCommand} shown={() => code.current} />
    </div>
  );
}

export function KeysPanel() {
  const texts = t.settingsPage.keys;
  return (
    <Panel title={texts.title}>
      <div class="settings-body">
        <p>{texts.intro}</p>
        <dl class="settings-commands">
          {kCommands.map((command) => (
            <div key={command}>
              <dt class="muted">{texts.commands[command]}</dt>
              <dd>
                <Command text={command === "list" ? "mmm-server keys list" : `mmm-server keys ${command} my-site`} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  );
}
