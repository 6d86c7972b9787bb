// Every text of the pages, apart from what comes from the server. Another language is another folder of this shape.

import { de } from "./de";
import { en } from "./en";
import { language } from "./language";

export type Texts = typeof en;

export const t: Texts = { en, de }[language];
