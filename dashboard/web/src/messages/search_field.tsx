// The field in which texts are searched for words. It asks a moment after the last key; Escape empties it.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { ask } from "../state/url";
import { t } from "../texts/texts";

const kWaitMs = 300;
// The API takes no more.
const kLengthMax = 200;

export function SearchField({ query }: { query: string }) {
  const [text, setText] = useState(query);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // "Back" changes it from outside.
  useLayoutEffect(() => {
    if (text.trim() !== query) {
      clearTimeout(timer.current);
      setText(query);
    }
  }, [query]);
  const set = (value: string, how: "push" | "replace") => {
    clearTimeout(timer.current);
    ask({ query: value.trim(), options: { message: "" } }, how);
  };
  return (
    <div class="query">
      <div class="query-box">
        <Icon name="search" />
        <input
          type="text"
          value={text}
          maxLength={kLengthMax}
          placeholder={t.messagesPage.searchPlaceholder}
          aria-label={t.messagesPage.search}
          autocomplete="off"
          onInput={(event) => {
            const { value } = event.currentTarget;
            setText(value);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => set(value, "replace"), kWaitMs);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") set(event.currentTarget.value, "push");
            else if (event.key === "Escape" && text) {
              event.stopPropagation();
              setText("");
              set("", "push");
            }
          }}
        />
        {text && (
          <button
            type="button"
            class="icon-button"
            aria-label={t.messagesPage.clearSearch}
            title={t.messagesPage.clearSearch}
            onClick={() => {
              setText("");
              set("", "push");
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
    </div>
  );
}
