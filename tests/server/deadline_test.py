#!/usr/bin/env python3
"""How long a call may take, whatever time its client says."""
import pathlib
import re
import socket
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]
import http2  # noqa: E402
import stubs  # noqa: E402

PATIENCE_S = 30
MAX_MS = 300


class DeadlineTest(unittest.TestCase):

    def setUp(self):
        folder = self.enterContext(
            tempfile.TemporaryDirectory(prefix="guanxi-deadline-"))
        self.log = pathlib.Path(folder, "log")
        with open(self.log, "a") as log:
            self.server = stubs.Server(
                folder + "/data",
                ["--max-deadline-ms", str(MAX_MS), "--default-deadline-ms",
                 str(MAX_MS)], log)
        self.addCleanup(lambda: self.assertEqual(self.server.end(), 0))

    def took_ms(self, **metadata):
        """Returns how long a call took of whose requests none comes."""
        self.log.write_text("")
        host, port = self.server.address.rsplit(":", 1)
        with socket.create_connection((host, int(port)), PATIENCE_S) as one:
            one.sendall(http2.HELLO + http2.call(
                1, "/guanxi.v1.FactService/Import", **metadata))
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end:
                ended = re.search(r" FactService/Import .*took=([\d.]+)ms",
                                  self.log.read_text())
                if ended:
                    return float(ended[1])
                time.sleep(0.02)
        self.fail(f"a call with {metadata} goes on")

    def test_no_time_is_the_default(self):
        self.assertGreater(self.took_ms(), 0.8 * MAX_MS)

    def test_a_longer_time_is_cut(self):
        # Hours: some, and so many that they are centuries, of which a number
        # of nanoseconds has not room for all.
        for timeout in ("1H", "27000H", "2200000H", "5124096H", "99999999H"):
            with self.subTest(timeout):
                self.assertGreater(self.took_ms(grpc_timeout=timeout),
                                   0.8 * MAX_MS)

    def test_a_shorter_time_counts(self):
        self.assertLess(self.took_ms(grpc_timeout="20m"), 0.8 * MAX_MS)


if __name__ == "__main__":
    unittest.main()
