// The links as a graph, with the nodes beside it as a list: all that the graph can do by the pointer the list does by the
// keyboard.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icons";
import { VirtualTable, type Column } from "../components/virtual_table";
import { formatCount } from "../logic/format";
import { byNeighbours, pairAddress, pairKey, type GraphNode } from "../logic/link_graph";
import { isDark } from "../state/settings";
import { isPhone } from "../state/screen";
import { agentList } from "../state/store";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";
import { ForceCanvas } from "./force_canvas";
import { HoverTip, LineLegend, type Hover } from "./link_parts";
import type { LinkViewProps } from "./links_page";

const kRowHeight = 32;
const kRowHeightPhone = 44;
const kZoomStep = 1.5;

function NodeList({ graph, name, chosen }: LinkViewProps) {
  const { list, columns, hints } = t.linksPage.force;
  const rows = useMemo(() => byNeighbours(graph), [graph]);
  const kColumns: Column<GraphNode>[] = [
    { name: "name", title: columns.name, class: "col-name", cell: (node) => <bdi class="clip">{name(node.id)}</bdi> },
    { name: "neighbours", title: columns.neighbours, hint: hints.neighbours, class: "col-count", number: true, cell: (node) => formatCount(node.neighbours) },
    { name: "hears", title: columns.hears, hint: hints.hears, class: "col-count", number: true, cell: (node) => formatCount(node.hears) },
    { name: "heardBy", title: columns.heardBy, hint: hints.heardBy, class: "col-heard-by", number: true, cell: (node) => formatCount(node.heardBy) },
  ];
  return (
    <div class="link-nodes">
      <VirtualTable label={list} columns={kColumns} rows={rows} rowHeight={isPhone.value ? kRowHeightPhone : kRowHeight} keyOf={(node) => node.id} selected={chosen.ego} onOpen={(node) => ask({ options: { ego: node.id } })} />
    </div>
  );
}

export function ForceView(props: LinkViewProps) {
  const { graph, name, chosen } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [force, setForce] = useState<ForceCanvas | null>(null);
  const [settled, setSettled] = useState(false);
  const [hover, setHover] = useState<Hover | null>(null);
  const latest = useRef(graph);
  latest.current = graph;
  const texts = t.linksPage.force;
  useEffect(() => {
    const made = new ForceCanvas(canvas.current!, {
      node: (id) => ask({ options: { ego: id } }),
      line: (index) => {
        const pair = latest.current.pairs[index];
        if (pair) open({ link: pairAddress(pair) });
      },
      hover: (what, x, y) => {
        const pair = what && "line" in what ? latest.current.pairs[what.line] : undefined;
        setHover(pair ? { kind: "pair", pair, x, y } : what && "node" in what ? { kind: "node", id: what.node, x, y } : null);
      },
      settled: setSettled,
    });
    setForce(made);
    return () => made.destroy();
  }, []);
  const dark = isDark();
  useEffect(() => force?.restyle(), [force, dark]);
  const radios = agentList.value.map((agent) => agent.radio?.id).join();
  useEffect(() => force?.show(graph, name, new Set(radios.split(",")), chosen.ego), [force, graph, name, radios, chosen.ego]);
  const { link } = view.value;
  useEffect(() => {
    const [from, to] = link?.split("-") ?? [];
    const key = from && to ? pairKey(from, to) : null;
    const index = graph.pairs.findIndex((pair) => pair.key === key);
    force?.choose(index < 0 ? null : index);
  }, [force, graph, link]);
  return (
    <div class="link-view">
      <div class="link-graph">
        <div class="link-canvas" data-settled={settled}>
          <canvas ref={canvas} role="img" aria-label={texts.label} />
          {!settled && <span class="link-settling faint">{texts.settling}</span>}
          <div class="link-tools">
            <button type="button" class="icon-button" aria-label={texts.zoomIn} title={texts.zoomIn} onClick={() => force?.zoom(kZoomStep)}>
              <Icon name="plus" />
            </button>
            <button type="button" class="icon-button" aria-label={texts.zoomOut} title={texts.zoomOut} onClick={() => force?.zoom(1 / kZoomStep)}>
              <Icon name="minus" />
            </button>
            <button type="button" class="icon-button" aria-label={texts.fit} title={texts.fit} onClick={() => force?.fit()}>
              <Icon name="fit" />
            </button>
          </div>
          <HoverTip hover={hover} graph={graph} name={name} width={canvas.current?.clientWidth ?? 0} />
        </div>
        <NodeList {...props} />
      </div>
      <footer class="link-foot">
        <LineLegend />
        <p class="faint">{t.linksPage.focusHint}</p>
      </footer>
    </div>
  );
}
