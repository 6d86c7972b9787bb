// What the server keeps, for how long, and what it comes to.

import type { ComponentChildren } from "preact";
import { getStorage, type Storage, type StoragePart } from "../api/storage";
import { Ago, Bar, Panel, SkeletonRows } from "../components/parts";
import { formatCount, kUnknown } from "../logic/format";
import { formatBytes } from "../logic/storage";
import { usePolled } from "../state/polled";
import { t } from "../texts/texts";

const kAskMs = 30_000;
const kDaySeconds = 86_400;
// A disk that is full within so many days needs someone.
const kSoonDays = 14;

function Figure({ label, children, grade }: { label: string; children: ComponentChildren; grade?: string }) {
  return (
    <div class="settings-figure">
      <span class="muted">{label}</span>
      <strong class={grade}>{children}</strong>
    </div>
  );
}

function Figures({ storage }: { storage: Storage }) {
  const texts = t.settingsPage.storage;
  const days = storage.days_left;
  return (
    <div class="settings-figures">
      <Figure label={texts.log}>{formatBytes(storage.log_bytes)}</Figure>
      <Figure label={texts.index}>{formatBytes(storage.index_bytes)}</Figure>
      <Figure label={texts.free}>{formatBytes(storage.usable_bytes)}</Figure>
      <Figure label={texts.growth}>{texts.perDay(formatBytes(storage.growth_bytes_per_day))}</Figure>
      <Figure label={texts.fullIn} {...(days !== null && days < kSoonDays && { grade: "lost" })}>
        {days === null ? texts.never : texts.days(formatCount(Math.floor(days)))}
      </Figure>
    </div>
  );
}

function PartRow({ part, most }: { part: StoragePart; most: number }) {
  const texts = t.settingsPage.storage;
  const name = part.name as keyof typeof texts.parts;
  return (
    <tr data-part={part.name}>
      <td>{texts.parts[name] ?? part.name}</td>
      <td class="number">{part.keep_s === null ? texts.forever : texts.days(formatCount(Math.round(part.keep_s / kDaySeconds)))}</td>
      <td class="number">
        <Ago time={part.oldest_us} />
      </td>
      <td class="number">{formatBytes(part.bytes_per_day)}</td>
      <td class="number">{part.final_bytes === null ? <span class="faint">{part.keep_s === null ? texts.grows : kUnknown}</span> : formatBytes(part.final_bytes)}</td>
      <td class="settings-share wide-only">
        <Bar share={most > 0 ? part.bytes_per_day / most : 0} />
      </td>
    </tr>
  );
}

export function StoragePanel() {
  const texts = t.settingsPage.storage;
  const storage = usePolled(getStorage, kAskMs);
  const most = Math.max(0, ...(storage?.parts ?? []).map((part) => part.bytes_per_day));
  return (
    <Panel title={texts.title}>
      {!storage ? (
        <SkeletonRows count={8} />
      ) : (
        <div class="settings-body">
          <Figures storage={storage} />
          <table class="small-table settings-parts">
            <thead>
              <tr>
                <th>{texts.part}</th>
                <th class="number">{texts.keep}</th>
                <th class="number">{texts.oldest}</th>
                <th class="number">{texts.daily}</th>
                <th class="number" title={texts.finalHint}>
                  {texts.final}
                </th>
                <th class="wide-only" aria-hidden="true" />
              </tr>
            </thead>
            <tbody>
              {storage.parts.map((part) => (
                <PartRow key={part.name} part={part} most={most} />
              ))}
            </tbody>
          </table>
          <p class="faint">{texts.note}</p>
        </div>
      )}
    </Panel>
  );
}
