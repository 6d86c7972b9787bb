// Who an agent is, and how it is now.

import type { ComponentChildren } from "preact";
import type { Agent } from "../api/types";
import { Ago, NodeLink } from "../components/parts";
import { PageLink } from "../components/page_link";
import { isOnlineAgent } from "../logic/agents";
import { cleanName, formatCount, formatNumber, kUnknown } from "../logic/format";
import { nodes, now } from "../state/store";
import { t } from "../texts/texts";
import { ClockSkew, RadioLink } from "./agents_table";

const kReasonLength = 200;

function Fact({ name, hint, children }: { name: string; hint?: string; children: ComponentChildren }) {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const joined = (parts: (string | null | undefined)[]) => parts.filter(Boolean).map((part) => cleanName(part)).join(" · ") || kUnknown;

function Place({ agent }: { agent: Agent }) {
  const { name, latitude, longitude } = agent.location;
  return (
    <>
      <bdi>{cleanName(name) || kUnknown}</bdi>
      {latitude !== null && longitude !== null && (
        <span class="faint">
          {" "}
          {formatNumber(latitude, 4)}, {formatNumber(longitude, 4)}
        </span>
      )}
    </>
  );
}

// Of an agent with one radio, or of one of several.
function RadioFacts({ agent, of }: { agent: Agent; of: Pick<Agent, "link" | "radio" | "channels"> }) {
  const texts = t.agentsPage;
  const radio = of.radio;
  return (
    <>
      <Fact name={texts.columns.link} hint={texts.hints.link}>
        <RadioLink agent={agent} of={of} /> <span class="faint">{cleanName(of.link.description, 120)}</span>
        {of.link.reason && (
          <div class="muted">
            {texts.page.linkReason}: <bdi>{cleanName(of.link.reason, kReasonLength)}</bdi>
          </div>
        )}
      </Fact>
      <Fact name={texts.page.radio}>
        {radio.id ? <NodeLink id={radio.id} name={nodes.get(radio.id)?.long_name ?? null} /> : kUnknown} <span class="faint">{joined([radio.hw_model, radio.role])}</span>
      </Fact>
      <Fact name={texts.page.firmware}>{cleanName(radio.firmware) || kUnknown}</Fact>
      <Fact name={texts.page.region}>{joined([radio.region, radio.modem_preset])}</Fact>
      <Fact name={texts.page.channels}>
        {of.channels.length === 0
          ? kUnknown
          : of.channels.map((channel) => (
              <span key={channel.index} class="chip" title={`#${channel.index} · 0x${channel.hash.toString(16)}`}>
                <bdi>{cleanName(channel.name, 24) || `#${channel.index}`}</bdi>
              </span>
            ))}
      </Fact>
    </>
  );
}

export function AgentHead({ agent }: { agent: Agent }) {
  const texts = t.agentsPage;
  const isOnline = isOnlineAgent(agent, now.value);
  return (
    <section class="panel agent-head" aria-label={t.drawer.agent}>
      <header>
        <PageLink to={{ page: "agents" }} class="back muted">
          ‹ {texts.page.back}
        </PageLink>
        <h1 class="clip">
          <bdi>{cleanName(agent.id)}</bdi>
        </h1>
        <span class={`status ${isOnline ? "good" : "bad"}`} title={texts.stateHint}>
          {isOnline ? texts.states.online : texts.states.offline}
        </span>
      </header>
      <dl>
        <Fact name={texts.page.place}>
          <Place agent={agent} />
        </Fact>
        {agent.radios.length === 0 && <RadioFacts agent={agent} of={agent} />}
        <Fact name={texts.page.upload} hint={texts.hints.upload}>
          <Ago time={agent.last_upload_us} suffix />
        </Fact>
        <Fact name={texts.page.clock} hint={texts.hints.skew}>
          <ClockSkew agent={agent} />
        </Fact>
        <Fact name={texts.page.version}>{cleanName(agent.version) || kUnknown}</Fact>
        <Fact name={texts.page.since}>
          <Ago time={agent.first_seen_us} suffix />
        </Fact>
        <Fact name={texts.page.buffers} hint={texts.page.buffersHint}>
          {formatCount(agent.stream_count)}
        </Fact>
      </dl>
      {agent.radios.map((of) => (
        <section key={of.name} class="agent-radio" aria-label={of.name}>
          <h2>
            <bdi>{cleanName(of.name)}</bdi>
          </h2>
          <dl>
            <RadioFacts agent={agent} of={of} />
          </dl>
        </section>
      ))}
    </section>
  );
}
