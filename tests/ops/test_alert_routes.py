"""A real Alertmanager with our routes: what comes together, what another alert already says, and what wakes nobody."""

import unittest

from processes import ProgramTest, wait_until
from watchers import Watchers


def alert(name, severity="warning", **labels):
    return {"alertname": name, "severity": severity, "instance": "server:9090", **labels}


class AlertRoutesTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.watchers = Watchers(self, 1, {})
        self.watchers.start_alertmanager()
        self.receiver = self.watchers.receiver

    def wait_until_told(self, name, **labels):
        return wait_until(lambda: self.receiver.told(name, "firing", **labels), f"the webhook is told of {name}", alive=[self.watchers.alertmanager])

    def state(self, name, **labels):
        known = self.watchers.alertmanager_knows(name, **labels)
        self.assertEqual(len(known), 1, known)
        return known[0]["status"]["state"]

    def held_back(self, cause, *others, marker):
        """After `cause`, the others are held back; `marker`, which comes last, is not."""
        self.watchers.post_alerts(cause)
        self.wait_until_told(cause["alertname"])
        self.watchers.post_alerts(*others)
        self.watchers.post_alerts(marker)
        self.wait_until_told(marker["alertname"], **{name: marker[name] for name in ("agent",) if name in marker})
        for other in others:
            labels = {name: other[name] for name in ("agent",) if name in other}
            wait_until(lambda other=other, labels=labels: self.state(other["alertname"], **labels) == "suppressed", "it is held back")
            self.assertIsNone(self.receiver.told(other["alertname"], "firing", **labels), other)

    def test_a_server_that_is_down_speaks_for_its_agents(self):
        self.held_back(
            alert("ServerDown", "critical", job="mmm-server"),
            alert("AgentNotUploading", agent="hill"),
            alert("UploadLags", agent="town", server="main"),
            alert("FreshnessBurnsFast", "critical"),
            marker=alert("BufferFails", "critical", agent="hill"),
        )

    def test_an_agent_that_is_down_speaks_for_itself_alone(self):
        self.held_back(alert("AgentDown", agent="hill"), alert("AgentNotUploading", agent="hill"), marker=alert("AgentNotUploading", agent="town"))

    def test_what_one_agent_has_comes_as_one_message(self):
        radios = [alert("BufferFails", "critical", agent="hill", radio=radio) for radio in ("meshtastic", "meshtastic_2")]
        self.watchers.post_alerts(*radios, alert("BufferFails", "critical", agent="town", radio="meshtastic"))
        for agent in ("hill", "town"):
            self.wait_until_told("BufferFails", agent=agent)
        agents = [sorted(each["labels"]["agent"] for each in message) for message in self.receiver.messages]
        self.assertCountEqual(agents, [["hill", "hill"], ["town"]])

    def test_what_is_only_to_be_seen_wakes_nobody(self):
        self.watchers.post_alerts(alert("LiveSkipped", "info", reason="burst"))
        self.watchers.post_alerts(alert("SyncSlow"))
        self.wait_until_told("SyncSlow")
        self.assertEqual(self.state("LiveSkipped"), "active")
        self.assertIsNone(self.receiver.told("LiveSkipped", "firing"))


if __name__ == "__main__":
    unittest.main()
