// Every agent in a row: is it there, is its radio there, does it deliver, has it lost anything.

import { useMemo } from "preact/hooks";
import { getAgentSeries } from "../api/agents";
import type { Agent } from "../api/types";
import { PageLink } from "../components/page_link";
import { Ago, Panel, Spark } from "../components/parts";
import { VirtualTable, type Column } from "../components/virtual_table";
import { kAgentOrder, skewOf, sortAgents } from "../logic/agent_list";
import { isOnlineAgent, linkState } from "../logic/agents";
import { sparkValues } from "../logic/agent_series";
import { booksOf } from "../logic/books";
import { cleanName, formatCount, kUnknown } from "../logic/format";
import { isPhone } from "../state/screen";
import { now } from "../state/store";
import { ask, open, view } from "../state/url";
import { t } from "../texts/texts";
import { useKeptAnswer } from "./kept_answers";

const kRowHeight = 40;
const kRowHeightPhone = 64;
const kHeadHeight = 30;
const kRowsShown = 12;
const kRowsShownPhone = 8;
// The list is put in order this often at most: states and figures change all the time.
const kOrderMs = 5_000;
const kCurveAgeMs = 300_000;

const texts = t.agentsPage;

function Name({ agent }: { agent: Agent }) {
  const place = cleanName(agent.location.name);
  return (
    <span class="agent-name">
      <PageLink to={{ page: "agents", subject: agent.id }} class="clip strong" skipped>
        <bdi>{cleanName(agent.id)}</bdi>
      </PageLink>
      {place && place !== agent.id && (
        <span class="faint clip">
          <bdi>{place}</bdi>
        </span>
      )}
    </span>
  );
}

function State({ agent }: { agent: Agent }) {
  const isOnline = isOnlineAgent(agent, now.value);
  return (
    <span class={`status ${isOnline ? "good" : "bad"}`} title={texts.stateHint}>
      {isOnline ? texts.states.online : texts.states.offline}
    </span>
  );
}

// Of the agent, or of one of its radios. Of a silent agent it is not known.
export function RadioLink({ agent, of = agent }: { agent: Agent; of?: Pick<Agent, "link"> }) {
  const link = linkState(of);
  const isKnown = isOnlineAgent(agent, now.value);
  return (
    <span class={`status ${isKnown ? link.grade : "unknown"}`} title={cleanName(of.link.reason ?? of.link.description, 200)}>
      {isKnown ? link.word : texts.states.unknown}
    </span>
  );
}

// On a phone there are no heads of columns.
function PhoneWord({ children }: { children: string }) {
  return <span class="phone-word faint"> {children}</span>;
}

function Lost({ agent }: { agent: Agent }) {
  const { lost } = booksOf(agent.ledger);
  return (
    <span class={lost > 0 ? "lost" : "lost-none"}>
      {formatCount(lost)}
      <PhoneWord>{texts.books.lost}</PhoneWord>
    </span>
  );
}

// How far its clock is off, with a word when that matters.
export function ClockSkew({ agent }: { agent: Agent }) {
  const skew = skewOf(agent.clock_skew_us);
  if (skew.grade === "unknown") return <span class="faint">{kUnknown}</span>;
  return (
    <span class={`skew ${skew.grade}`}>
      {skew.text}
      {skew.grade !== "good" && ` ${skew.ahead ? texts.ahead : texts.behind}`}
    </span>
  );
}

function Curve({ agent }: { agent: Agent }) {
  const { data } = useKeptAnswer(`curve ${agent.id}`, kCurveAgeMs, (signal) => getAgentSeries(agent.id, "1d", "1h", signal));
  return <Spark values={data ? sparkValues(data) : []} label={texts.curve(cleanName(agent.id))} />;
}

function Receptions({ agent }: { agent: Agent }) {
  return (
    <span class="receptions-cell">
      <span class="curve-cell">
        <Curve agent={agent} />
      </span>
      <span class="number">{formatCount(agent.receptions)}</span>
    </span>
  );
}

// A figure whose zero is nothing to look at.
const quiet = (count: number) => <span class={count === 0 ? "faint" : undefined}>{formatCount(count)}</span>;

function Waiting({ agent }: { agent: Agent }) {
  return (
    <>
      {quiet(agent.ledger.waiting)}
      <PhoneWord>{texts.books.waiting}</PhoneWord>
    </>
  );
}

const kEveryColumn: Column<Agent>[] = [
  { name: "name", title: texts.columns.name, class: "col-agent", cell: (agent) => <Name agent={agent} /> },
  { name: "state", title: texts.columns.state, hint: texts.stateHint, class: "col-state", cell: (agent) => <State agent={agent} /> },
  { name: "link", title: texts.columns.link, hint: texts.hints.link, class: "col-link", cell: (agent) => <RadioLink agent={agent} /> },
  { name: "upload", title: texts.columns.upload, hint: texts.hints.upload, class: "col-upload", number: true, cell: (agent) => <Ago time={agent.last_upload_us} /> },
  { name: "waiting", title: texts.columns.waiting, hint: texts.hints.waiting, class: "col-waiting", number: true, cell: (agent) => <Waiting agent={agent} /> },
  { name: "delivered", title: texts.columns.delivered, hint: texts.hints.delivered, class: "col-delivered", number: true, cell: (agent) => formatCount(agent.ledger.delivered) },
  { name: "duplicates", title: texts.columns.duplicates, hint: texts.hints.duplicates, class: "col-duplicates wide-only", number: true, cell: (agent) => quiet(agent.ledger.duplicate) },
  { name: "set_aside", title: texts.columns.set_aside, hint: texts.hints.set_aside, class: "col-set-aside wide-only", number: true, cell: (agent) => quiet(agent.ledger.set_aside) },
  { name: "lost", title: texts.columns.lost, hint: texts.hints.lost, class: "col-lost", number: true, cell: (agent) => <Lost agent={agent} /> },
  { name: "skew", title: texts.columns.skew, hint: texts.hints.skew, class: "col-skew wide-only", number: true, cell: (agent) => <ClockSkew agent={agent} /> },
  { name: "receptions", title: texts.columns.receptions, hint: texts.hints.receptions, class: "col-receptions", number: true, cell: (agent) => <Receptions agent={agent} /> },
  { name: "version", title: texts.columns.version, class: "col-version wide-only", cell: (agent) => <span class="muted">{cleanName(agent.version) || kUnknown}</span> },
];
const kColumns = kEveryColumn.map((column) => ({ ...column, sortable: true }));

// The agents in the order of the address, each as it is now.
export function useOrderedAgents(agents: Agent[]): Agent[] {
  const order = view.value.sort || kAgentOrder;
  const tick = Math.floor(now.value / (kOrderMs * 1000));
  const ids = useMemo(() => sortAgents(agents, order, now.peek()).map((agent) => agent.id), [tick, order, agents.length]);
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  return ids.map((id) => byId.get(id)).filter((agent) => agent !== undefined);
}

// On a phone, in place of the heads: what is first is what one looks for.
const kPhoneOrders = ["name", "state", "-upload", "-waiting", "-lost", "-skew", "-receptions"];

function PhoneOrder({ order }: { order: string }) {
  return (
    <select class="phone-order" aria-label={texts.order} value={order} onChange={(event) => ask({ sort: event.currentTarget.value === kAgentOrder ? "" : event.currentTarget.value })}>
      {[...new Set([...kPhoneOrders, order])].map((each) => (
        <option key={each} value={each}>
          {texts.columns[each.replace(/^-/, "") as keyof typeof texts.columns] ?? each} {each.startsWith("-") ? "▼" : "▲"}
        </option>
      ))}
    </select>
  );
}

export function AgentsTable({ agents }: { agents: Agent[] }) {
  const { sort, agent: selected } = view.value;
  const rowHeight = isPhone.value ? kRowHeightPhone : kRowHeight;
  const shown = Math.min(agents.length, isPhone.value ? kRowsShownPhone : kRowsShown);
  const online = agents.filter((agent) => isOnlineAgent(agent, now.value)).length;
  return (
    <Panel
      title={texts.list}
      class="agents-list"
      tools={isPhone.value && <PhoneOrder order={sort || kAgentOrder} />}
      note={
        <span class="faint" role="status">
          {texts.count(formatCount(online), formatCount(agents.length))}
        </span>
      }
    >
      <div class="rows-box" style={{ height: `${shown * rowHeight + (isPhone.value ? 0 : kHeadHeight)}px` }}>
        <VirtualTable
          label={texts.list}
          columns={kColumns}
          rows={agents}
          rowHeight={rowHeight}
          keyOf={(agent) => agent.id}
          selected={selected}
          onOpen={(agent) => open({ agent: agent.id })}
          sort={sort || kAgentOrder}
          onSort={(next) => ask({ sort: next === kAgentOrder ? "" : next })}
        />
      </div>
    </Panel>
  );
}
