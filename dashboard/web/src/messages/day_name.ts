// Days as people call them.

import type { Micros } from "../api/types";
import { formatDateTime, type Zone } from "../logic/format";
import { language } from "../texts/language";
import { t } from "../texts/texts";

const kDayMicros = 86_400e6;
const kDayLength = "2026-11-24".length;

// "2026-11-24": equal for two times of the same day.
export const dayOf = (time: Micros, zone: Zone): string => formatDateTime(time, zone).slice(0, kDayLength);

const kShape = { weekday: "long", year: "numeric", month: "long", day: "numeric" } as const;
const kShapes: Record<Zone, Intl.DateTimeFormat> = {
  utc: new Intl.DateTimeFormat(language, { ...kShape, timeZone: "UTC" }),
  local: new Intl.DateTimeFormat(language, kShape),
};

// "Today, Saturday, November 28, 2026"
export function dayName(time: Micros, now: Micros, zone: Zone): string {
  const name = kShapes[zone].format(new Date(time / 1000));
  const day = dayOf(time, zone);
  if (day === dayOf(now, zone)) return `${t.messagesPage.today}, ${name}`;
  if (day === dayOf(now - kDayMicros, zone)) return `${t.messagesPage.yesterday}, ${name}`;
  return name;
}
