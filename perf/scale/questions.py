"""What a dashboard asks, as a table: a line here is a line of the benchmark's result."""

import dataclasses
import random
import typing
import urllib.parse

API = "/api/v1"
# As many as the nodes' page asks for at once; a longer list takes several pages.
NODES_A_PAGE = 1000


@dataclasses.dataclass
class Known:
    """What questions can ask for, read from the server itself. Newest first, as lists give it."""

    nodes: list
    agents: list
    packets: list
    ports: list
    addressees: list  # nodes that somebody has written to
    agent_of_node: dict  # an agent that hears the node
    now: float  # seconds since the epoch


def path(route, **parameters):
    given = {name: value for name, value in parameters.items() if value is not None}
    return API + route + ("?" + urllib.parse.urlencode(given) if given else "")


def learn(client, now):
    """Asks what there is."""
    nodes = [node for page in pages(client, "/nodes", "nodes") for node in page]
    packets = client.json(path("/packets", limit=1000))["packets"]
    agents = [agent["id"] for agent in client.json(path("/agents"))["agents"]]
    ids = [node["id"] for node in nodes]
    agent_of_node = {}
    for node in random.sample(ids, min(len(ids), 100)):
        heard_by = client.json(path(f"/nodes/{node}"))["heard_by"]
        if heard_by:
            agent_of_node[node] = heard_by[0]["agent"]
    return Known(
        nodes=ids,
        agents=agents,
        packets=[packet["id"] for packet in packets],
        ports=sorted({packet["port"] for packet in packets if packet["port"] is not None}),
        addressees=addressees(client),
        agent_of_node=agent_of_node,
        now=now,
    )


def addressees(client):
    """Few packets are to one node, so they are looked for."""
    found = set()
    for page in pages(client, "/packets", "packets", q="is:direct"):
        found.update(packet["to"] for packet in page)
        if len(found) >= 20:
            break
    return sorted(found)


def pages(client, route, name, **parameters):
    cursor = None
    while cursor != "":
        page = client.json(path(route, limit=NODES_A_PAGE, cursor=cursor, **parameters))
        yield page[name]
        cursor = page["next_cursor"] or ""


@dataclasses.dataclass
class Question:
    name: str
    # Gives a path, other ones from call to call where the answer depends on it.
    path: typing.Callable[[Known, random.Random], str]
    # Follows next_cursor to the end: the time is that of all pages.
    whole_list: bool = False
    # The target holds for it; the others are there to be seen.
    has_target: bool = True


def hours_ago(known, hours):
    return int(known.now - hours * 3600)


def by_agent(known, any):
    node = any.choice(sorted(known.agent_of_node))
    return path("/packets", **{"from": node, "agent": known.agent_of_node[node]})


def an_hour(known, any):
    start = hours_ago(known, 24 * any.randrange(1, 7))
    return path("/packets", since=start, until=start + 3600)


# Some that the simulated mesh's texts have.
WORDS = ("antenna", "Radio", "Router", "morgen", "ping")


QUESTIONS = [
    Question("overview figures", lambda known, any: path("/stats")),
    Question("agents", lambda known, any: path("/agents")),
    Question("node list, all pages", lambda known, any: path("/nodes", limit=NODES_A_PAGE), whole_list=True),
    Question("node list by last heard, 100", lambda known, any: path("/nodes", sort="heard", limit=100)),
    Question("node search", lambda known, any: path("/nodes", q=any.choice(known.nodes)[-3:], limit=100)),
    Question("node detail", lambda known, any: path(f"/nodes/{any.choice(known.nodes)}")),
    Question("newest packets", lambda known, any: path("/packets")),
    Question("… of a node", lambda known, any: path("/packets", **{"from": any.choice(known.nodes)})),
    Question("… to a node", lambda known, any: path("/packets", to=any.choice(known.addressees))),
    Question("… to all", lambda known, any: path("/packets", to="^all")),
    Question("… of a port", lambda known, any: path("/packets", port=any.choice(known.ports))),
    Question("… not decoded", lambda known, any: path("/packets", port="none")),
    Question("… of an agent", lambda known, any: path("/packets", agent=any.choice(known.agents))),
    Question("… of the last hour", lambda known, any: path("/packets", since=hours_ago(known, 1))),
    Question(
        "… of a node and a port",
        lambda known, any: path("/packets", **{"from": any.choice(known.nodes), "port": any.choice(known.ports)}),
        has_target=False,
    ),
    Question(
        "… of a node by an agent",
        by_agent,
        has_target=False,
    ),
    Question(
        "… of a port by an agent",
        lambda known, any: path("/packets", port=any.choice(known.ports), agent=any.choice(known.agents)),
        has_target=False,
    ),
    Question("… with a word in them", lambda known, any: path("/packets", q=any.choice(WORDS))),
    Question("… sent in an hour of last week", an_hour),
    Question("packet detail", lambda known, any: path(f"/packets/{any.choice(known.packets)}")),
    Question("messages", lambda known, any: path("/messages")),
    Question("message search", lambda known, any: path("/messages", q=any.choice(WORDS))),
    Question("map data", lambda known, any: path("/map")),
    Question("24 h telemetry series", lambda known, any: path(f"/nodes/{any.choice(known.nodes)}/telemetry")),
]
