// The screen's size, where the look alone (styles) does not do.

import { signal } from "@preact/signals";

const phone = matchMedia("(max-width: 700px)");
export const isPhone = signal(phone.matches);
phone.addEventListener("change", (event) => (isPhone.value = event.matches));

// Too narrow for anything beside a table.
const narrow = matchMedia("(max-width: 1000px)");
export const isNarrow = signal(narrow.matches);
narrow.addEventListener("change", (event) => (isNarrow.value = event.matches));
