#!/usr/bin/env python3
"""How many connections a server takes, of one address and of all."""
import os
import pathlib
import re
import resource
import socket
import sys
import tempfile
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]
import http2  # noqa: E402
import stubs  # noqa: E402

PATIENCE_S = 30

# Both are this machine; to the server they are two clients.
HERE_ADDRESS, OTHER_ADDRESS = "127.0.0.1", "127.0.0.2"


class ServerTest(unittest.TestCase):

    def start(self, *arguments, **how):
        folder = self.enterContext(
            tempfile.TemporaryDirectory(prefix="guanxi-connections-"))
        self.log = pathlib.Path(folder, "log")
        with open(self.log, "w") as log:
            self.server = stubs.Server(folder + "/data", arguments, log, **how)
        self.addCleanup(self.end)

    def end(self):
        self.assertEqual(self.server.end(), 0)

    def connect(self, source=HERE_ADDRESS):
        host, port = self.server.address.rsplit(":", 1)
        source = (source, 0) if source else None
        return self.enterContext(socket.create_connection(
            (host.strip("[]"), int(port)), PATIENCE_S, source))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.server.process.pid}/fd"))

    def limit_descriptors(self, most):
        """Returns how many it could have before."""
        process, kind = self.server.process.pid, resource.RLIMIT_NOFILE
        before, hard = resource.prlimit(process, kind)
        resource.prlimit(process, kind, (most, hard))
        return before

    def is_served(self, connection):
        """Whether the server answers as HTTP/2, rather than hang up."""
        try:
            connection.sendall(http2.HELLO)
            return len(connection.recv(9)) == 9
        except ConnectionError:
            return False

    def serves(self, count, source=HERE_ADDRESS):
        """Returns which of so many new connections are served."""
        made = [self.connect(source) for _ in range(count)]
        return made, [self.is_served(connection) for connection in made]

    def wait_until(self, is_so):
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.02)

    def refusals(self):
        return re.findall(r" connections_refused count=(\d+) last_client=(\S+)"
                          r" setting=(\S+) most=(\d+)", self.log.read_text())


class ConnectionsTest(ServerTest):
    """Who is let in."""

    def test_one_address_may_have_so_many_and_others_have_room(self):
        self.start("--max-client-connections", "3")
        made, served = self.serves(4)
        self.assertEqual(served, [True, True, True, False])
        self.assertEqual(self.serves(1, OTHER_ADDRESS)[1], [True])

        made[0].close()
        self.wait_until(lambda: self.serves(1)[1] == [True])
        self.assertEqual(self.refusals()[0],
                         ("1", HERE_ADDRESS, "max_client_connections", "3"))

    def test_all_together_may_have_so_many(self):
        self.start("--max-connections", "3")
        made, served = self.serves(2)
        others, served_others = self.serves(2, OTHER_ADDRESS)
        self.assertEqual(served + served_others, [True, True, True, False])

        others[0].close()
        self.wait_until(lambda: self.serves(1)[1] == [True])
        self.assertEqual(self.refusals()[0],
                         ("1", OTHER_ADDRESS, "max_connections", "3"))

    def test_all_of_a_crowd_that_is_refused_are_told_in_few_lines(self):
        self.start("--max-connections", "1")
        self.assertEqual(self.serves(1)[1], [True])
        began = time.monotonic()
        self.assertNotIn(True, self.serves(500)[1])
        self.wait_until(lambda: sum(
            int(count) for count, *_ in self.refusals()) == 500)
        took_s = time.monotonic() - began
        self.assertLessEqual(len(self.refusals()), took_s + 1)

    def test_descriptors_that_ran_out_come_back(self):
        self.start()
        at_rest = self.descriptors()
        # UBSan needs descriptors where it sees a class for the first time.
        for connection in self.serves(20)[0]:
            connection.close()
        self.wait_until(lambda: self.descriptors() <= at_rest)
        before = self.limit_descriptors(at_rest + 5)
        crowd = [self.connect() for _ in range(20)]
        self.wait_until(lambda: " cannot_accept " in self.log.read_text())
        self.assertEqual(self.is_served(crowd[0]), True)
        crowd[-1].settimeout(0.2)
        with self.assertRaises(TimeoutError):  # it waits, and is not refused
            self.is_served(crowd[-1])

        self.limit_descriptors(before)
        crowd[-1].settimeout(PATIENCE_S)
        self.assertEqual(len(crowd[-1].recv(9)), 9)

    def test_where_descriptors_are_few_limits_are_lower(self):
        self.start(within=["prlimit", "--nofile=300:300"])
        self.assertIn(" connections=150 client_connections=30\n",
                      self.log.read_text())
        for source in (HERE_ADDRESS, OTHER_ADDRESS):
            self.assertEqual(self.serves(32, source)[1],
                             [True] * 30 + [False] * 2)
        self.assertEqual(self.refusals()[0][2:],
                         ("max_client_connections", "30"))

    def test_metrics_count_what_is_refused(self):
        with socket.create_server((HERE_ADDRESS, 0)) as probe:
            port = probe.getsockname()[1]
        self.start("--max-connections", "3", "--max-client-connections", "2",
                   "--metrics", f"{HERE_ADDRESS}:{port}")
        self.assertEqual(self.serves(4)[1], [True, True, False, False])
        self.assertEqual(self.serves(2, OTHER_ADDRESS)[1], [True, False])

        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://{HERE_ADDRESS}:{port}/metrics",
                         timeout=PATIENCE_S) as answer:
            seen = dict(re.findall(
                r'guanxi_connections_refused_total{setting="(\S+)"} (\d+)',
                answer.read().decode()))
        self.assertEqual(seen, {"max_client_connections": "2",
                                "max_connections": "1"})


class AddressesTest(ServerTest):
    """Where a server listens."""

    def setUp(self):
        try:
            with socket.create_server(("::1", 0), family=socket.AF_INET6) as one:
                self.port = one.getsockname()[1]
        except OSError:
            self.skipTest("this machine has no IPv6")

    def need_both_of_localhost(self):
        found = {address[0] for *_, address in
                 socket.getaddrinfo("localhost", None)}
        if not found >= {"127.0.0.1", "::1"}:
            self.skipTest("localhost is not 127.0.0.1 and ::1 here")

    def test_a_name_is_all_its_addresses(self):
        self.need_both_of_localhost()
        self.start(listen=f"localhost:{self.port}")
        for host in ("127.0.0.1", "::1"):
            with socket.create_connection((host, self.port), PATIENCE_S) as one:
                self.assertTrue(self.is_served(one), host)

    def test_with_a_free_port_a_name_is_one_of_them(self):
        self.start(listen="localhost:0")
        self.assertRegex(self.server.address, r"^localhost:[1-9]\d*$")
        self.assertEqual(self.serves(1, None)[1], [True])

    def test_a_name_of_which_one_address_is_taken_is_refused(self):
        self.need_both_of_localhost()
        with socket.create_server(("::1", self.port), family=socket.AF_INET6):
            with self.assertRaisesRegex(RuntimeError, "did not start"):
                self.start(listen=f"localhost:{self.port}")

    def test_a_client_of_ipv6_is_its_network(self):
        self.start("--max-client-connections", "1", listen="[::1]:0")
        self.assertEqual(self.serves(1, None)[1], [True])
        self.assertEqual(self.serves(1, None)[1], [False])
        self.wait_until(self.refusals)
        self.assertEqual(self.refusals()[0][1], "::/64")


if __name__ == "__main__":
    unittest.main()
