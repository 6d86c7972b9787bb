// The language of the pages: what the person chose, else what the browser prefers, else English. It is known before
// anything is drawn, and changes with a new load of the page only.

export const kLanguages = ["en", "de"] as const;
export type Language = (typeof kLanguages)[number];

const kKey = "mmm.language";

const known = (text: string | null | undefined): Language | undefined => kLanguages.find((each) => text?.toLowerCase().startsWith(each));

function remembered(): string | null {
  try {
    return localStorage.getItem(kKey);
  } catch {
    return null; // storage may be forbidden by the browser
  }
}

function preferred(): Language | undefined {
  const languages = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
  return languages.map(known).find((each) => each !== undefined);
}

export const language: Language = known(remembered()) ?? preferred() ?? "en";

export function speak(next: Language): void {
  try {
    localStorage.setItem(kKey, next);
  } catch {
    return; // then the browser's preference decides
  }
  location.reload();
}
