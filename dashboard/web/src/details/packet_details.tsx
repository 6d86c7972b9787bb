// The inspector: one packet from all sides, each on a tab.

import { getPacket } from "../api/client";
import { PortPill, SkeletonRows } from "../components/parts";
import { cleanName } from "../logic/format";
import { feed } from "../state/store";
import { view } from "../state/url";
import "../styles/inspector.css";
import { t } from "../texts/texts";
import { DrawerHead } from "./drawer";
import { BytesTab } from "./packet/bytes_tab";
import { CopyMenu } from "./packet/copy_menu";
import { DecodedTab } from "./packet/decoded_tab";
import { MapTab } from "./packet/map_tab";
import { ReceptionsTab } from "./packet/receptions_tab";
import { Steps } from "./packet/steps";
import { kTabPanel, tabId, tabOf, Tabs } from "./packet/tabs";
import { useAnswer } from "./use_answer";

const kContent = { decoded: DecodedTab, bytes: BytesTab, receptions: ReceptionsTab, map: MapTab };

export function PacketDetails({ id }: { id: number }) {
  const row = feed.value.rows.find((p) => p.id === id);
  // Asked anew when one more agent heard it.
  const { data, error } = useAnswer((signal) => getPacket(id, signal), row?.receptions ?? null);
  const shown = data ?? row;
  const tab = tabOf(view.value.options);
  const Content = kContent[tab];
  return (
    <div class="inspector">
      <DrawerHead
        kind={t.drawer.packet}
        title={shown ? <PortPill port={shown.port} name={shown.port_name} /> : <span class="mono">{id}</span>}
      >
        {shown?.summary && (
          <p class="drawer-sub muted inspector-summary">
            <bdi>{cleanName(shown.summary, 300)}</bdi>
          </p>
        )}
        <div class="inspector-tools">
          <Steps id={id} />
          <span class="spring" />
          {data && <CopyMenu packet={data} />}
        </div>
        <Tabs counts={data ? { receptions: data.receptions.length } : {}} />
      </DrawerHead>
      <div id={kTabPanel} role="tabpanel" aria-labelledby={tabId(tab)}>
        {error && <p class="drawer-error">{error}</p>}
        {!data && !error && <SkeletonRows count={8} />}
        {data && <Content packet={data} />}
      </div>
    </div>
  );
}
