// The field for the node whose traceroutes are shown: by name or id, with what it may mean.

import { useId, useLayoutEffect, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { choiceText, chosenNode, matchNodes } from "../logic/node_choice";
import { nodes, nodesLoaded } from "../state/store";
import { ask } from "../state/url";
import { t } from "../texts/texts";

const kOffered = 40;

const textOf = (id: string): string => {
  const node = nodes.get(id);
  return node ? choiceText(node) : id;
};

export function NodeField({ id }: { id: string }) {
  const [text, setText] = useState(() => textOf(id));
  const [offered, setOffered] = useState<string[]>([]);
  const [wrong, setWrong] = useState(false);
  const list = useId();
  const loaded = nodesLoaded.value;
  // "Back", and names that have just come, change it from outside.
  useLayoutEffect(() => {
    setText(textOf(id));
    setWrong(false);
  }, [id, loaded]);
  const offer = (value: string) => setOffered(matchNodes(nodes.values(), value, kOffered).map(choiceText));
  const take = (value: string) => {
    const chosen = chosenNode(nodes.values(), value);
    setWrong(value.trim() !== "" && chosen === null);
    if (chosen === null && value.trim() !== "") return;
    setText(chosen === null ? "" : textOf(chosen));
    ask({ options: { of: chosen ?? "" } });
  };
  return (
    <div class="query">
      <div class="query-box">
        <Icon name="search" />
        <input
          type="text"
          list={list}
          value={text}
          placeholder={t.traceroutesPage.nodePlaceholder}
          aria-label={t.traceroutesPage.nodeLabel}
          aria-invalid={wrong}
          autocomplete="off"
          spellcheck={false}
          onFocus={(event) => offer(event.currentTarget.value)}
          onInput={(event) => {
            const { value } = event.currentTarget;
            setText(value);
            setWrong(false);
            // What was chosen from the list is taken at once.
            if (offered.includes(value)) take(value);
            else offer(value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") take(event.currentTarget.value);
            else if (event.key === "Escape" && text) {
              event.stopPropagation();
              take("");
            }
          }}
        />
        <datalist id={list}>
          {offered.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
        {text && (
          <button type="button" class="icon-button" aria-label={t.traceroutesPage.clearNode} title={t.traceroutesPage.clearNode} onClick={() => take("")}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {wrong && (
        <p class="query-mistake" role="alert">
          {t.traceroutesPage.nodeUnknown}
        </p>
      )}
    </div>
  );
}
