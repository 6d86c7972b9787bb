import { GOOD, NEUTRAL, SERIOUS, badFromAfter, goodFromAfter, thresholds } from "./colors";
import { NODES, PAGES, frame, row } from "./frame";
import { figure, graph, tableOf } from "./panels";
import { SERVER, orNone, orZero } from "./queries";

const OF_NODE = `${SERVER}, node=~"$node"`;
// A node's name beside its id, where a curve is drawn for it.
const named = (expression: string) =>
  `${expression} * on (instance, node) group_left (name) mmm_server_node_info{${OF_NODE}}`;
const packets = (by: string) => `sum by (${by}) (rate(mmm_server_mesh_packets_total{${SERVER}}[$__rate_interval])) * 60`;

export const mesh = frame({
  uid: "mmm-mesh",
  title: "Mesh health",
  description: "Is the mesh well: who is online, what goes over the air, how busy is the channel, how are signals and batteries?",
  alerts: "RadioAway|AgentHearsNothing|ServerDown",
  variables: [NODES],
  page: { title: "Nodes", path: "/nodes" },
  from: "now-24h",
})
  .withRow(row("The mesh"))
  .withPanel(
    figure({
      title: "Nodes",
      description: "online: heard within 2 hours; offline: known, and not heard since.",
      span: 6,
      query: { expr: `sum by (state) (mmm_server_nodes{${SERVER}})`, legend: "{{state}}" },
      unit: "short",
    }).overrideByName("online", [{ id: "color", value: { mode: "fixed", fixedColor: GOOD } }]),
  )
  .withPanel(
    figure({
      title: "Packets a minute",
      description: "Packets that were heard over the air, each once however many agents heard it.",
      span: 6,
      query: { expr: `sum(rate(mmm_server_mesh_packets_total{${SERVER}}[$__rate_interval])) * 60`, legend: "" },
      unit: "short",
      decimals: 1,
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Channel busy, middle node",
      description: "Share of the time that the channel is busy, at the middle one of the nodes that tell it. Above 25 % nodes hold back what they send.",
      span: 6,
      query: { expr: `quantile(0.5, mmm_server_node_channel_utilization_ratio{${SERVER}})`, legend: "" },
      unit: "percentunit",
      decimals: 1,
      verdict: badFromAfter(0.15, 0.25),
      course: true,
    }),
  )
  .withPanel(
    figure({
      title: "Nearly empty batteries",
      description: "Nodes with a battery of less than 20 %, of those heard within a day.",
      span: 6,
      query: {
        expr: orZero(
          `count(mmm_server_node_battery_ratio{${SERVER}} < 0.2 and on (instance, node) (time() - mmm_server_node_last_heard_timestamp_seconds{${SERVER}} < 86400))`,
        ),
        legend: "",
      },
      unit: "short",
      verdict: badFromAfter(1, 10),
    }),
  )
  .withPanel(
    graph({
      title: "Packets by port",
      description: "What goes over the air each minute. NOT_DECODED: channels whose key the server does not have.",
      span: 12,
      queries: [{ expr: packets("port"), legend: "{{port}}" }],
      unit: "short",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Nodes by state",
      description: "Nodes online and offline over time. A step down is a part of the mesh that lost its way.",
      span: 12,
      queries: [{ expr: `sum by (state) (mmm_server_nodes{${SERVER}})`, legend: "{{state}}" }],
      unit: "short",
      stack: true,
      colors: { online: GOOD, offline: SERIOUS },
    }),
  )
  .withPanel(
    graph({
      title: "Packets by channel",
      description: "Packets each minute by the name of their channel at the radio that heard them first.",
      span: 12,
      queries: [{ expr: packets("channel"), legend: "{{channel}}" }],
      unit: "short",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Packets by region",
      description: "Packets each minute by the region of the radio that heard them first.",
      span: 12,
      queries: [{ expr: packets("region"), legend: "{{region}}" }],
      unit: "short",
      stack: true,
    }),
  )
  .withRow(row("The air"))
  .withPanel(
    graph({
      title: "Channel utilisation",
      description: "The ten nodes where the channel is busiest. Above 25 % nodes hold back what they send, and packets are lost.",
      span: 12,
      queries: [{ expr: `topk(10, ${named(`mmm_server_node_channel_utilization_ratio{${OF_NODE}}`)})`, legend: "{{name}} {{node}}" }],
      unit: "percentunit",
      verdict: badFromAfter(0.15, 0.25),
    }),
  )
  .withPanel(
    graph({
      title: "Airtime",
      description: "The ten nodes that send most of the time. Above 10 % the duty cycle of many regions is broken.",
      span: 12,
      queries: [{ expr: `topk(10, ${named(`mmm_server_node_air_util_tx_ratio{${OF_NODE}}`)})`, legend: "{{name}} {{node}}" }],
      unit: "percentunit",
      verdict: badFromAfter(0.05, 0.1),
    }),
  )
  .withPanel(
    graph({
      title: "Signal to noise",
      description: "Of direct neighbours, at their newest reception: the middle one, the best and the weakest tenth. Falling everywhere: an antenna; everywhere in rain: weather.",
      span: 12,
      queries: [
        { expr: `quantile(0.9, mmm_server_node_snr_decibels{${OF_NODE}})`, legend: "best tenth" },
        { expr: `quantile(0.5, mmm_server_node_snr_decibels{${OF_NODE}})`, legend: "middle" },
        { expr: `quantile(0.1, mmm_server_node_snr_decibels{${OF_NODE}})`, legend: "weakest tenth" },
      ],
      unit: "dB",
      signed: true,
    }),
  )
  .withPanel(
    graph({
      title: "Batteries",
      description: "The ten nodes with the lowest batteries. More than 100 % is external power.",
      span: 12,
      queries: [{ expr: `bottomk(10, ${named(`mmm_server_node_battery_ratio{${OF_NODE}}`)})`, legend: "{{name}} {{node}}" }],
      unit: "percentunit",
      verdict: goodFromAfter(0.2, 0.5),
    }),
  )
  .withRow(row("Nodes"))
  .withPanel(
    tableOf({
      title: "Nodes, as they told last",
      description: "The nodes that were chosen, the emptiest airtime last. A node's id leads to its page.",
      span: 24,
      height: 12,
      row: { label: "node", name: "Node", links: [{ title: "Its page", url: `${PAGES}/nodes/\${__value.text}` }] },
      labels: { name: "Name", role: "Role", hardware: "Hardware" },
      columns: [
        { name: "Known", expr: `max by (node, name, role, hardware) (mmm_server_node_info{${OF_NODE}})` },
        {
          name: "Silent for",
          expr: `min by (node) (time() - mmm_server_node_last_heard_timestamp_seconds{${OF_NODE}})`,
          unit: "s",
          verdict: badFromAfter(7200, 86400),
        },
        { name: "Battery", expr: `max by (node) (mmm_server_node_battery_ratio{${OF_NODE}})`, unit: "percentunit", verdict: goodFromAfter(0.2, 0.5) },
        { name: "Channel busy", expr: `max by (node) (mmm_server_node_channel_utilization_ratio{${OF_NODE}})`, unit: "percentunit", decimals: 1, verdict: badFromAfter(0.15, 0.25) },
        { name: "Airtime", expr: `max by (node) (mmm_server_node_air_util_tx_ratio{${OF_NODE}})`, unit: "percentunit", decimals: 2, verdict: badFromAfter(0.05, 0.1) },
        { name: "Signal to noise", expr: `max by (node) (mmm_server_node_snr_decibels{${OF_NODE}})`, unit: "dB", verdict: thresholds(SERIOUS, { from: -10, color: NEUTRAL }, { from: 0, color: GOOD }) },
      ],
      order: "Airtime",
    }),
  )
  .withPanel(
    graph({
      title: "Nodes by role",
      description: "What the nodes that were chosen are. Many routers in one place make the channel busy.",
      span: 8,
      queries: [{ expr: `count by (role) (mmm_server_node_info{${OF_NODE}})`, legend: "{{role}}" }],
      unit: "short",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Nodes by hardware",
      description: "What the nodes that were chosen run on; the ten most frequent.",
      span: 8,
      queries: [{ expr: `topk(10, count by (hardware) (mmm_server_node_info{${OF_NODE}}))`, legend: "{{hardware}}" }],
      unit: "short",
      stack: true,
    }),
  )
  .withPanel(
    graph({
      title: "Receptions by way",
      description: "How packets came: heard over the air, replayed by a radio, over MQTT or UDP, or the radio's own.",
      span: 8,
      queries: [
        { expr: orNone(`sum by (way) (rate(mmm_server_projection_receptions_total{${SERVER}}[$__rate_interval])) * 60`, "way"), legend: "{{way}}" },
      ],
      unit: "short",
    }),
  )
  .withPanel(
    figure({
      title: "Heard by how many agents",
      description: "Receptions for each packet that was heard: how many agents hear the same. 1: nobody's outage is covered by a neighbour.",
      span: 24,
      query: {
        expr: `sum(rate(mmm_server_projection_receptions_total{${SERVER}, way="heard"}[$__rate_interval])) / (sum(rate(mmm_server_projection_packets_total{${SERVER}}[$__rate_interval])) > 0)`,
        legend: "",
      },
      unit: "short",
      decimals: 1,
      course: true,
    }),
  );
