// The links between nodes at their positions.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount } from "../logic/format";
import { baseCredit, baseVersion } from "../map/current_base";
import { pairAddress } from "../logic/link_graph";
import { isDark } from "../state/settings";
import { agentList } from "../state/store";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";
import { linkFeatures } from "./link_features";
import type { LinkMapView } from "./link_map_view";
import { HoverTip, LineLegend, type Hover } from "./link_parts";
import type { LinkViewProps } from "./links_page";

export function LinkMap({ graph, places, name, chosen }: LinkViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<LinkMapView | null>(null);
  const [failed, setFailed] = useState(false);
  const [hover, setHover] = useState<Hover | null>(null);
  const radios = agentList.value.map((agent) => agent.radio?.id).join();
  const features = useMemo(() => linkFeatures(graph, places, name, new Set(radios.split(","))), [graph, places, radios]);
  const latest = useRef({ graph, features });
  latest.current = { graph, features };
  const dark = isDark();
  const texts = t.linksPage.map;
  const pairOf = (key: string) => latest.current.graph.pairs.find((pair) => pair.key === key);
  useEffect(() => {
    let made: LinkMapView | undefined;
    let ended = false;
    void import("./link_map_view")
      .then(({ LinkMapView }) => {
        if (ended || !box.current) return;
        const events = {
          node: (id: string) => ask({ options: { ego: id } }),
          pair: (key: string) => {
            const pair = pairOf(key);
            if (pair) open({ link: pairAddress(pair) });
          },
          hover: (what: { node?: string; pair?: string } | null, x: number, y: number) => {
            const pair = what?.pair ? pairOf(what.pair) : undefined;
            setHover(pair ? { kind: "pair", pair, x, y } : what?.node ? { kind: "node", id: what.node, x, y } : null);
          },
        };
        made = new LinkMapView(box.current, texts.label, events, latest.current.features);
        setMap(made);
      })
      .catch(() => setFailed(true));
    return () => {
      ended = true;
      made?.destroy();
    };
  }, []);
  const base = baseVersion.value;
  useEffect(() => map?.restyle(), [map, dark, base]);
  useEffect(() => map?.show(features), [map, features]);
  useEffect(() => map?.focus(chosen.ego), [map, chosen.ego, chosen.steps]);
  const { link } = view.value;
  useEffect(() => map?.choose(link), [map, link, features]);
  const placed = features.nodes.features.length;
  return (
    <div class="link-view">
      <div class="link-map" data-nodes={placed} data-pairs={features.pairs.features.length}>
        <div class="map-box" ref={box} />
        {failed && <p class="link-over">{t.map.failed}</p>}
        {placed === 0 && (
          <p class="link-over">
            {texts.nonePlaced}{" "}
            <button type="button" class="button" onClick={() => ask({ options: { view: "force" } })}>
              {texts.toGraph}
            </button>
          </p>
        )}
        <button type="button" class="button link-fit" onClick={() => map?.fit()}>
          {texts.fit}
        </button>
        <span class="credit faint">{baseCredit.value}</span>
        <HoverTip hover={hover} graph={graph} name={name} width={box.current?.clientWidth ?? 0} />
      </div>
      <footer class="link-foot">
        <LineLegend />
        <p class="faint">
          {texts.placed(formatCount(placed), formatCount(graph.nodes.size), formatCount(features.pairs.features.length), formatCount(graph.pairs.length))} {t.linksPage.focusHint}
        </p>
      </footer>
    </div>
  );
}
