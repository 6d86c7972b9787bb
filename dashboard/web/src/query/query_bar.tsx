// The field in which rows are asked for, in the API's filter language, with completion. Enter asks, Escape empties.

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { accept, complete, type Names, type Suggestion } from "../logic/completion";
import { filterFields, wantFilterFields } from "../state/filter_fields";
import { t } from "../texts/texts";

// What is wrong with the query, and where, in characters.
export interface Mistake {
  message: string;
  place: { position: number; length: number } | null;
}

interface Props {
  of: "packets" | "nodes";
  query: string;
  names: () => Names;
  mistake: Mistake | null;
  onQuery(query: string): void;
}

function MistakeLine({ query, mistake }: { query: string; mistake: Mistake }) {
  const characters = Array.from(query); // as the server counts them
  const { position, length } = mistake.place ?? { position: 0, length: 0 };
  const part = (from: number, to?: number) => characters.slice(from, to).join("");
  return (
    <p class="query-mistake" role="alert">
      {length > 0 && (
        <code class="mono">
          {part(0, position)}
          <mark>{part(position, position + length)}</mark>
          {part(position + length)}
        </code>
      )}
      {mistake.message}
    </p>
  );
}

// In place of rows, when the query has a mistake from the start.
export function Wrong() {
  return (
    <div class="panel-body">
      <p class="empty">{t.query.wrong}</p>
    </div>
  );
}

export function QueryBar({ of, query, names, mistake, onQuery }: Props) {
  const [text, setText] = useState(query);
  const [suggestions, setSuggestions] = useState<Suggestion[]>([]);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  // "Back", and links that ask, change it from outside. Before the next key: what is typed then must not be lost.
  useLayoutEffect(() => {
    if (text.trim() !== query) setText(query);
  }, [query]);

  const suggest = (value: string, caret: number) => {
    const fields = filterFields.value;
    setSuggestions(fields ? complete(fields[of], names(), value, caret) : []);
    setChosen(-1);
  };
  // What the language knows may come while someone types already.
  useEffect(() => {
    const field = input.current;
    if (field && field === document.activeElement) suggest(field.value, field.selectionStart ?? 0);
  }, [filterFields.value]);
  const stop = () => {
    setSuggestions([]);
    setChosen(-1);
  };
  const ask = (value: string) => {
    stop();
    setText(value);
    onQuery(value.trim());
  };
  const take = (suggestion: Suggestion) => {
    // More may have been typed since it was offered: all up to the caret is what it takes the place of.
    const field = input.current;
    const now = field ? { text: field.value, caret: field.selectionStart ?? field.value.length } : { text, caret: suggestion.to };
    const taken = accept(now.text, { ...suggestion, to: Math.max(now.caret, suggestion.from) });
    setText(taken.text);
    suggest(taken.text, taken.caret);
    if (!field) return;
    // At once: what is typed next must not come between.
    field.value = taken.text;
    field.focus();
    field.setSelectionRange(taken.caret, taken.caret);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (moves !== undefined && suggestions.length > 0) {
      // -1, nothing chosen, is one of the places.
      const places = suggestions.length + 1;
      setChosen(((chosen + 1 + moves + places) % places) - 1);
    } else if (event.key === "Enter") {
      const suggestion = suggestions[chosen];
      if (suggestion) take(suggestion);
      else ask(input.current?.value ?? text);
    } else if (event.key === "Escape" && (suggestions.length > 0 || text !== "")) {
      if (suggestions.length > 0) stop();
      else ask("");
      event.stopPropagation();
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div class="query">
      <div class="query-box">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          class="mono"
          value={text}
          placeholder={t.query.placeholder[of]}
          aria-label={t.query.label[of]}
          aria-invalid={mistake !== null}
          role="combobox"
          aria-expanded={suggestions.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? `${list}-${chosen}` : undefined}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onFocus={(event) => {
            wantFilterFields();
            suggest(event.currentTarget.value, event.currentTarget.selectionStart ?? 0);
          }}
          onInput={(event) => {
            setText(event.currentTarget.value);
            suggest(event.currentTarget.value, event.currentTarget.selectionStart ?? 0);
          }}
          onBlur={stop}
          onKeyDown={onKeyDown}
        />
        <a class="query-help faint" href="/api/docs" title={t.query.helpHint}>
          {t.query.help}
        </a>
      </div>
      <ul id={list} class="suggestions" role="listbox" aria-label={t.query.suggestions} hidden={suggestions.length === 0}>
        {suggestions.map((suggestion, i) => (
          <li
            key={suggestion.text}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === chosen}
            // Before the field loses the focus, which would take the list away.
            onPointerDown={(event) => {
              event.preventDefault();
              take(suggestion);
            }}
          >
            <bdi class="mono">{suggestion.text}</bdi>
            <span class="faint clip">{suggestion.meaning}</span>
          </li>
        ))}
      </ul>
      {mistake && text.trim() === query && <MistakeLine query={query} mistake={mistake} />}
    </div>
  );
}
