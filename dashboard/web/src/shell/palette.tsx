// The search over nodes, agents, packets, messages, pages and what one can do.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { hasMoved } from "../components/pointer";
import { Icon } from "../components/icons";
import { withinBytes } from "../logic/palette";
import { useFound } from "../state/found";
import { dialog } from "../state/dialogs";
import { t } from "../texts/texts";
import { Modal } from "./dialog";
import { hitsFor, type Hit } from "./hits";
import "../styles/palette.css";

// What the server takes.
const kTextBytesMax = 100;

export function Palette() {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const box = useRef<HTMLUListElement>(null);
  const typed = withinBytes(text.trim(), kTextBytesMax);
  const found = useFound(typed);
  const isCurrent = found.text === typed;
  const hits = hitsFor(typed, isCurrent ? found.results : null);
  const place = Math.min(chosen, hits.length - 1);
  useEffect(() => box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [place, text]);

  const run = (hit: Hit | undefined) => {
    if (!hit) return;
    dialog.value = null;
    hit.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setChosen((place + 1) % hits.length);
    else if (event.key === "ArrowUp") setChosen((place - 1 + hits.length) % hits.length);
    else if (event.key === "Enter") run(hits[place]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal label={t.palette.title} class="palette">
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          autofocus
          value={text}
          maxLength={kTextBytesMax}
          placeholder={t.palette.placeholder}
          aria-label={t.palette.title}
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={hits[place] && `${list}-${place}`}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <ul id={list} class="palette-hits" role="listbox" aria-label={t.palette.hits} ref={box}>
        {hits.map((hit, i) => (
          <li
            key={hit.key}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === place}
            data-hit={hit.key}
            onPointerMove={(event) => i !== place && hasMoved(event) && setChosen(i)}
            onClick={() => run(hit)}
          >
            <span class="palette-group faint">{i === 0 || hits[i - 1]!.group !== hit.group ? t.palette.groups[hit.group] : ""}</span>
            <span class="palette-title clip">{hit.title}</span>
            <span class="palette-detail faint clip">{hit.detail}</span>
          </li>
        ))}
      </ul>
      {typed && isCurrent && found.failed && (
        <p class="palette-note" role="status">
          {t.palette.failed}
        </p>
      )}
    </Modal>
  );
}
