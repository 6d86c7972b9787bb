// The keys that work, and where.

import { t } from "../texts/texts";
import { Modal } from "./dialog";
import "../styles/palette.css";

export function Help() {
  return (
    <Modal label={t.help.title} class="help">
      <h2>{t.help.title}</h2>
      <div class="help-groups">
        {t.help.groups.map((group) => (
          <section key={group.title}>
            <h3 class="faint">{group.title}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.split(" ").map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
