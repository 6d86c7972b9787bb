import type { Texts } from "../texts";
import { agentsPage } from "./agents_page";
import { common } from "./common";
import { help, palette } from "./help";
import { inspector } from "./inspector";
import { linksPage } from "./links_page";
import { mapPage } from "./map_page";
import { messagesPage } from "./messages_page";
import { nodePage } from "./node_page";
import { settingsPage } from "./settings_page";
import { traceroutesPage } from "./traceroutes_page";

export const de: Texts = {
  ...common,
  agentsPage,
  help,
  inspector,
  linksPage,
  mapPage,
  messagesPage,
  nodePage,
  palette,
  settingsPage,
  traceroutesPage,
};
