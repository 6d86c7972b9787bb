// Writes each dashboard into the folder of the first argument, under the name that its address in Grafana has.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { agent } from "./agent";
import { fleet } from "./fleet";
import { ingest } from "./ingest";
import { mesh } from "./mesh";
import { storage } from "./storage";

const folder = process.argv[2];
if (folder === undefined) throw new Error("main: the folder to write to is missing");
for (const builder of [fleet, agent, ingest, storage, mesh]) {
  const dashboard = builder.build();
  // Numbers of their own, so that a link to a panel stays right.
  dashboard.panels?.forEach((panel, index) => (panel.id = index + 1));
  // The SDK's default hides links in a menu.
  for (const link of dashboard.links ?? []) delete link.placement;
  writeFileSync(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(dashboard, null, 2)}\n`);
}
