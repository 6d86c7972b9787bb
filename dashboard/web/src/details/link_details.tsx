// One link between two nodes.

import { t } from "../texts/texts";
import { DrawerHead } from "./drawer";

export function LinkDetails({ link }: { link: string }) {
  return <DrawerHead kind={t.drawer.link} title={link} />;
}
