// Which base map is drawn now: known once the server has told its configuration, and, of a file, once its head is read.

import { computed, effect, signal } from "@preact/signals";
import { stats } from "../state/store";
import { t } from "../texts/texts";
import { baseMapOf, type BaseMap } from "./base_map";

const configured = computed(() => baseMapOf(stats.value?.map));
// Null: not read yet, or not to be read; then the embedded map is there.
const fileHoldsPictures = signal<boolean | null>(null);
const isFile = computed(() => configured.value.kind === "file");

effect(() => {
  if (!isFile.value) return;
  void import("./map_file")
    .then(({ readMapFile }) => readMapFile(location.origin))
    .then(
      (pictures) => (fileHoldsPictures.value = pictures),
      () => {
        // The embedded map stays; the server's log says why the file is not read.
      },
    );
});

export interface CurrentBase {
  base: BaseMap;
  holdsPictures: boolean;
}

export const currentBase = computed<CurrentBase>(() => {
  const base = configured.value;
  if (base.kind !== "file") return { base, holdsPictures: false };
  return fileHoldsPictures.value === null ? { base: { kind: "embedded" }, holdsPictures: false } : { base, holdsPictures: fileHoldsPictures.value };
});

// Changes when maps have to be drawn on another one.
export const baseVersion = computed(() => JSON.stringify(currentBase.value));

// Whose map it is.
export const baseCredit = computed(() => {
  const { base } = currentBase.value;
  return base.kind === "embedded" ? t.map.credit : base.attribution;
});
