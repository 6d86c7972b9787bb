import type { Texts } from "../texts";

export const help: Texts["help"] = {
  title: "Tasten",
  groups: [
    {
      title: "Überall",
      keys: [
        ["Strg+K /", "Knoten, Agenten, Pakete, Nachrichten, Seiten suchen"],
        ["?", "Diese Tasten zeigen"],
        ["Esc", "Schließen, was offen ist"],
        ["Tab", "Zum Nächsten"],
      ],
    },
    {
      title: "In einer Tabelle",
      keys: [
        ["↓ ↑ j k", "Nächste und vorige Zeile"],
        ["PgDn PgUp", "Einen Bildschirm weiter oder zurück"],
        ["Pos1 Ende", "Erste und letzte Zeile"],
        ["Enter", "Die Zeile öffnen"],
      ],
    },
    {
      title: "In einem Filter",
      keys: [
        ["↓ ↑", "Auswählen, was angeboten wird"],
        ["Enter", "Übernehmen, oder fragen"],
        ["Esc", "Die Liste schließen, dann den Filter leeren"],
      ],
    },
    {
      title: "Auf einer Karte",
      keys: [
        ["← → ↑ ↓", "Verschieben"],
        ["+ −", "Näher und weiter weg"],
      ],
    },
  ],
};

export const palette: Texts["palette"] = {
  title: "Alles durchsuchen",
  placeholder: "Knoten, Agent, Paketnummer, Wörter einer Nachricht, Seite…",
  hits: "Was gefunden wurde",
  failed: "Der Server hat nicht geantwortet: Pakete und Nachrichten fehlen hier.",
  groups: { pages: "Seiten", nodes: "Knoten", agents: "Agenten", packets: "Pakete", messages: "Nachrichten", actions: "Aussehen", ask: "Filter" },
  zone: { utc: "Zeiten in UTC", local: "Zeiten in der Zone dieses Rechners" },
  language: { en: "English", de: "Deutsch" },
  askPackets: (text: string) => `Pakete: ${text}`,
  askNodes: (text: string) => `Knoten: ${text}`,
  open: "Suchen (Strg+K)",
};
