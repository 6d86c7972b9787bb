// The drawer at the side (on a phone: at the bottom) with everything about one thing.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../components/icons";
import { close, view } from "../state/url";
import { t } from "../texts/texts";
import { AgentDetails } from "./agent_details";
import { LinkDetails } from "./link_details";
import { NodeDetails } from "./node_details";
import { PacketDetails } from "./packet_details";

export function DrawerHead(props: { kind: string; title: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="drawer-head">
      <div class="clip">
        <span class="drawer-kind faint">{props.kind}</span>
        <h2 class="clip">{props.title}</h2>
        {props.children}
      </div>
      <button type="button" class="icon-button" aria-label={t.drawer.close} title={`${t.drawer.close} (Esc)`} onClick={close}>
        <Icon name="close" />
      </button>
    </header>
  );
}

export function DrawerSection(props: { title: string; tools?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="drawer-section">
      <div class="drawer-section-head">
        <h3>{props.title}</h3>
        {props.tools}
      </div>
      {props.children}
    </section>
  );
}

export function Drawer() {
  const { node, packet, agent, link } = view.value;
  const element = useRef<HTMLElement>(null);
  // Where the keyboard was: it returns there when the drawer closes.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    element.current?.focus({ preventScroll: true });
    if (element.current) element.current.scrollTop = 0;
  }, [node, packet, agent, link]);
  return (
    <aside class="drawer" ref={element} tabIndex={-1} aria-label={node ? t.drawer.node : packet ? t.drawer.packet : agent ? t.drawer.agent : t.drawer.link}>
      {node && <NodeDetails key={node} id={node} />}
      {packet && <PacketDetails key={packet} id={packet} />}
      {agent && <AgentDetails id={agent} />}
      {link && <LinkDetails key={link} link={link} />}
    </aside>
  );
}
