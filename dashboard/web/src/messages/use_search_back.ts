// How far back messages are loaded by themselves: to where someone scrolled, and to the message that the address names.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../api/types";
import type { AskedLog } from "../state/live_log";
import { t } from "../texts/texts";

// So many pages in a row are loaded without showing anything more before someone has to say "go on".
const kPagesMax = 5;

interface Asked {
  asked: AskedLog<Message>;
  shown: number; // rows in the list
  target: number | null;
  found: boolean; // the target is among what is loaded
  key: string; // with another one all begins anew
}

export function useSearchBack({ asked, shown, target, found, key }: Asked) {
  const [lost, setLost] = useState<string | null>(null);
  // Pages that were loaded since the list last grew.
  const fruitless = useRef({ key, shown, pages: 0 });
  const count = fruitless.current;
  if (count.key !== key || count.shown !== shown) fruitless.current = { key, shown, pages: 0 };

  const { log } = asked;
  const oldest = log.rows.at(-1)?.id ?? Infinity;
  // Log ids rise: an older page can hold the target only while it is older than the oldest row.
  const isOlder = target !== null && !found && log.loaded && target < oldest;
  useEffect(() => {
    if (!isOlder || asked.searching || asked.error) return;
    if (asked.more) asked.older();
  }, [isOlder, oldest, asked.searching, asked.error]);
  useEffect(() => setLost(null), [target, key]);

  const missed = target !== null && !found && log.loaded && (!isOlder || !asked.more);
  const notice = lost ?? (missed ? (isOlder && log.cursor !== null ? t.messagesPage.full : t.messagesPage.notFound) : isOlder ? t.messagesPage.looking : null);

  return {
    notice,
    tellNotFound: () => setLost(t.messagesPage.notFound),
    nearTop: () => {
      if (asked.searching || asked.error || !asked.more || fruitless.current.pages >= kPagesMax) return;
      fruitless.current.pages++;
      asked.older();
    },
    goOn: () => {
      fruitless.current.pages = 0;
      asked.older();
    },
  };
}
