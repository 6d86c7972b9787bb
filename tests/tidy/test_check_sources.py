"""Each rule of check_sources.py finds its breach, and says nothing of sound code."""

import unittest

import check_sources


def found(name, *lines):
    return [what for _, what in check_sources.check_source(name, list(lines))]


class Rules(unittest.TestCase):
    def test_arrows(self):
        for name, included, allowed in [
            ("agent/agent.h", "core/log/log.h", True),
            ("agent/agent.h", "agent/status.h", True),
            ("agent/agent.h", "ingest/config.h", False),
            ("dashboard/api/nodes.h", "ingest/config.h", False),
            ("ingest/config.h", "dashboard/dashboard.h", False),
            ("ingest/main.cpp", "dashboard/dashboard.h", True),
            ("core/mesh/decode.h", "core/http/message.h", False),
            ("core/store/chunk.h", "core/mesh/packet.h", True),
            ("core/base/time.h", "metrics/registry.h", False),
            ("metrics/registry.h", "core/base/time.h", False),
            ("perf/sim/main.h", "ingest/config.h", False),
            ("perf/ingest/main.h", "ingest/config.h", True),
            ("agent/agent.h", "tests/support/temp_dir.h", False),
            ("tests/unit/log/log_test.cpp", "core/log/log.h", True),
            ("agent/agent.h", "vector", True),
        ]:
            with self.subTest(name=name, included=included):
                self.assertEqual(check_sources.check_arrow(name, included) is None, allowed)

    def test_header_guard(self):
        self.assertEqual(found("agent/x.h", "// A comment.", "#pragma once"), [])
        self.assertEqual(found("agent/x.h", "#include <vector>"), ["a header starts with #pragma once"])

    def test_own_header_first(self):
        sound = ['#include "core/log/log.h"', "#include <vector>"]
        self.assertEqual(found("core/log/log.cpp", *sound), [])
        self.assertEqual(len(found("core/log/log.cpp", *reversed(sound))), 1)
        self.assertEqual(len(found("core/log/log.cpp", "int x;")), 1)

    def test_forbidden_words(self):
        for line in [
            "auto now = std::chrono::system_clock::now();",
            "boost::asio::steady_timer timer;",
            "asio::co_spawn(executor, run(), asio::detached);",
            "} catch (...) {",
            "#include <boost/beast/http.hpp>",
            "#include <spdlog/spdlog.h>",
            'Definition x{"mmm_agent_things_total", ""};',
            "std::thread thread;",
            "using namespace std;",
        ]:
            with self.subTest(line=line):
                self.assertNotEqual(found("agent/agent.cpp", '#include "agent/agent.h"', line), [])
                self.assertEqual(found("agent/agent.cpp", '#include "agent/agent.h"', "// " + line), [])

    def test_texts(self):
        def texts(name, lines):
            return [what for _, what in check_sources.check_text(name, lines)]

        self.assertEqual(texts("agent/x.cpp", ["int x;"] * 400), [])
        self.assertEqual(len(texts("agent/x.cpp", ["int x;"] * 401)), 1)
        self.assertEqual(len(texts("agent/x.cpp", ["// TO" + "DO: finish"])), 1)


if __name__ == "__main__":
    unittest.main()
