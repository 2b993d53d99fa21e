#!/usr/bin/env python3
"""What a server tells of itself: metrics, and slow calls in the log."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SERVER = os.environ["GUANXI_SERVER_PROGRAM"]
CLI = os.environ["GUANXI_CLI_PROGRAM"]
PATIENCE_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)


class MetricsTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="guanxi-metrics-")
        self.addCleanup(self.folder.cleanup)
        self.port = free_port()
        self.log = pathlib.Path(self.folder.name, "log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [SERVER, "--data", self.folder.name + "/data", "--listen",
                 "127.0.0.1:0", "--slow-call-ms", "0", "--metrics",
                 f"127.0.0.1:{self.port}"],
                stdout=subprocess.PIPE, stderr=log, text=True)
        with self.process.stdout as stdout:
            self.address = stdout.readline().split()[-1]
        self.addCleanup(self.end)

    def end(self):
        self.process.terminate()
        self.assertEqual(self.process.wait(PATIENCE_S), 0)

    def cli(self, *words):
        return run(CLI, "--server", self.address, *words)

    def metrics(self):
        """Returns the values by name and labels."""
        page = f"http://127.0.0.1:{self.port}/metrics"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(page, timeout=PATIENCE_S) as answer:
            text = answer.read().decode()
        return {name: float(value) for name, value in
                re.findall(r"^(guanxi\S*) (\S+)$", text, re.MULTILINE)}

    def test_counts_calls_commits_and_stops(self):
        load = self.cli("load", str(HERE.parent / "client/arbor.kg"))
        self.assertEqual(load.returncode, 0, load.stderr)
        for fact in ("(zoe :Person)", "(zoe)-[:OWNS_SHARES_IN]->(arbor)"):
            self.assertEqual(self.cli("commit", "assert", fact).returncode, 0)
        self.cli("get", "nobody-of-this-name")
        self.cli("neighbors", "arbor", "--max-entities", "1")
        self.cli("graphs", "create", "test")

        seen = self.metrics()

        calls = 'guanxi_calls_total{code="%s",method="%s"}'
        self.assertEqual(seen[calls % ("OK", "FactService/Import")], 1)
        self.assertEqual(seen[calls % ("NOT_FOUND", "GraphService/Get")], 1)
        self.assertEqual(
            seen['guanxi_call_seconds_count{method="FactService/Import"}'], 1)
        self.assertEqual(seen['guanxi_commits_total{graph="main"}'], 3)
        self.assertEqual(seen['guanxi_commit_batches_total{graph="main"}'], 3)
        self.assertEqual(seen['guanxi_commits_total{graph="test"}'], 0)
        self.assertGreater(seen['guanxi_commit_seconds_total{graph="main"}'],
                           0)
        self.assertGreater(seen['guanxi_store_used_bytes{graph="main"}'],
                           10_000)
        self.assertEqual(seen['guanxi_oldest_reader_lag{graph="main"}'], 0)
        self.assertGreaterEqual(seen['guanxi_readers{graph="main"}'], 1)
        self.assertEqual(seen['guanxi_read_only{graph="main"}'], 0)
        self.assertEqual(
            seen['guanxi_stops_total{limit="STOP_REASON_MAX_ENTITIES"}'], 1)

    def test_a_slow_call_is_told_with_its_request_but_not_what_is_written(self):
        self.cli("load", str(HERE.parent / "client/arbor.kg"))
        self.cli("get", "arbor")
        self.cli("commit", "assert", "(a-secret :Company)")
        end = time.monotonic() + PATIENCE_S
        while "FactService/Commit" not in self.log.read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        log = self.log.read_text()
        self.assertRegex(log, r'slow method=GraphService/Get request="?entity')
        self.assertNotIn("a-secret", log)


if __name__ == "__main__":
    sys.exit(unittest.main())
