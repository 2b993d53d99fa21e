#!/usr/bin/env python3
"""Who may call what: every rpc with every kind of token, and files of tokens."""
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
import stubs  # noqa: E402

SERVER = os.environ["GUANXI_SERVER_PROGRAM"]
CLI = os.environ["GUANXI_CLI_PROGRAM"]
PATIENCE_S = 30

# The least role that may call each rpc. One that is missing here fails.
ROLES = {
    "GraphService": {None: "reader"},  # all of it
    "FactService": {"Commit": "writer", "Import": "writer",
                    "Export": "reader"},
    "AdminService": {"Check": "admin", "Backup": "admin",
                     "CreateGraph": "admin", "DeleteGraph": "admin",
                     "ListGraphs": "reader"},
}
RANKS = ["reader", "writer", "admin"]


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False, **more)


def make_token(tokens, name, role, *more):
    """Returns a new token, which the file grants."""
    made = run(SERVER, "token", name, "--role", role, "--tokens", tokens, *more)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def least_role(service, method):
    roles = ROLES[service]
    return roles[None] if None in roles else roles[method]


class AccessTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="guanxi-access-")
        stubs.generate_guanxi(cls.folder.name)
        global grpc
        import grpc
        cls.tokens = cls.folder.name + "/tokens"
        yesterday = datetime.datetime.now(datetime.timezone.utc).date() \
            - datetime.timedelta(days=1)
        cls.token = {role: make_token(cls.tokens, role, role)
                     for role in RANKS}
        cls.token["expired"] = make_token(
            cls.tokens, "old", "admin", "--until", str(yesterday))
        cls.token["other graph"] = make_token(
            cls.tokens, "guest", "admin", "--graphs", "other")
        cls.token["unknown"] = "gx_" + "A" * 43
        cls.server = stubs.Server(cls.folder.name + "/data",
                                  ["--tokens", cls.tokens])

    @classmethod
    def tearDownClass(cls):
        cls.server.end()
        cls.folder.cleanup()

    def call(self, service, method, token, graph=None):
        """Returns the code that an empty request gets."""
        metadata = []
        if token is not None:
            metadata.append(("authorization", "Bearer " + token))
        if graph is not None:
            metadata.append(("guanxi-graph", graph))
        with grpc.insecure_channel(self.server.address) as channel:
            rpc = channel.stream_stream(f"/guanxi.v1.{service}/{method}")
            answers = rpc(iter([b""]), metadata=metadata, timeout=PATIENCE_S)
            try:
                for _ in answers:
                    pass
            except grpc.RpcError:
                pass
            return answers.code()

    def rpcs(self):
        from guanxi.v1 import admin_service_pb2, fact_service_pb2
        from guanxi.v1 import graph_service_pb2
        for module in (admin_service_pb2, fact_service_pb2, graph_service_pb2):
            for service in module.DESCRIPTOR.services_by_name.values():
                for method in service.methods:
                    yield service.name, method.name

    def test_every_rpc_asks_for_its_role(self):
        refused = (grpc.StatusCode.UNAUTHENTICATED,
                   grpc.StatusCode.PERMISSION_DENIED)
        count = 0
        for service, method in self.rpcs():
            least = least_role(service, method)
            for who, token in [(None, None), *self.token.items()]:
                code = self.call(service, method, token)
                with self.subTest(rpc=f"{service}/{method}", who=who):
                    if who in (None, "unknown", "expired"):
                        self.assertEqual(code, refused[0])
                    elif who == "other graph":
                        # That is about no graph in particular.
                        let_in = method == "ListGraphs"
                        self.assertEqual(code, grpc.StatusCode.OK if let_in
                                         else refused[1])
                    elif RANKS.index(who) < RANKS.index(least):
                        self.assertEqual(code, refused[1])
                    else:
                        self.assertNotIn(code, refused)
                count += 1
        self.assertGreater(count, 150)

    def test_a_token_counts_for_its_graphs_only(self):
        admin, guest = self.token["admin"], self.token["other graph"]
        self.assertEqual(self.call("GraphService", "GetSchema", admin, "other"),
                         grpc.StatusCode.NOT_FOUND)
        made = self.cli("graphs", "create", "other", token=guest)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(self.cli("graphs", token=guest).stdout, "other\n")
        self.assertEqual(self.cli("graphs", token=admin).stdout,
                         "main\nother\n")
        self.assertEqual(self.call("GraphService", "GetSchema", guest, "other"),
                         grpc.StatusCode.OK)
        self.assertEqual(self.call("GraphService", "GetSchema", guest),
                         grpc.StatusCode.PERMISSION_DENIED)
        forbidden = self.cli("graphs", "create", "third", token=guest)
        self.assertEqual(forbidden.returncode, 2)
        deleted = self.cli("graphs", "delete", "other", token=guest)
        self.assertEqual(deleted.returncode, 0, deleted.stderr)

    def cli(self, *words, token=None):
        environment = dict(os.environ)
        environment.pop("GUANXI_TOKEN", None)
        if token is not None:
            environment["GUANXI_TOKEN"] = token
        return run(CLI, "--server", self.server.address, *words,
                   env=environment)

    def test_the_command_line_brings_a_token_and_says_when_it_lacks_one(self):
        without = self.cli("stats")
        self.assertEqual(without.returncode, 2)
        self.assertIn("GUANXI_TOKEN", without.stderr)
        self.assertEqual(
            self.cli("stats", token=self.token["reader"]).returncode, 0)

    def test_what_is_kept_of_a_token_is_not_the_token(self):
        kept = pathlib.Path(self.tokens).read_text()
        self.assertEqual(pathlib.Path(self.tokens).stat().st_mode & 0o777,
                         0o600)
        for token in self.token.values():
            self.assertNotIn(token, kept)


class ReloadTest(unittest.TestCase):

    def test_tokens_come_and_go_while_the_server_runs(self):
        with tempfile.TemporaryDirectory(prefix="guanxi-reload-") as folder:
            tokens = folder + "/tokens"
            first = make_token(tokens, "first", "reader")
            with open(folder + "/log", "w") as log:
                server = stubs.Server(folder + "/data", ["--tokens", tokens],
                                      log)
            try:
                second = make_token(tokens, "second", "reader")
                self.wait_for(server, second, 0)
                pathlib.Path(tokens).write_text("no such line\n")
                self.wait_for_log(server, folder, first, "tokens error=")
                self.wait_for(server, first, 0)  # it changes nothing
                pathlib.Path(tokens).write_text("")
                self.wait_for(server, first, 2)
            finally:
                server.end()

    def wait_for_log(self, server, folder, token, line):
        end = time.monotonic() + PATIENCE_S
        while line not in pathlib.Path(folder, "log").read_text():
            self.assertLess(time.monotonic(), end)
            self.wait_for(server, token, 0)

    def wait_for(self, server, token, expected):
        environment = dict(os.environ, GUANXI_TOKEN=token)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            asked = run(CLI, "--server", server.address, "stats",
                        env=environment)
            if asked.returncode == expected:
                return
            time.sleep(0.1)
        self.fail(f"{asked.returncode} and not {expected}: {asked.stderr}")


class StartTest(unittest.TestCase):
    """A server that could be unsafe does not start."""

    def refused(self, *arguments, listen="127.0.0.1:0"):
        with tempfile.TemporaryDirectory(prefix="guanxi-start-") as folder:
            started = run(SERVER, "--data", folder, "--listen", listen,
                          *arguments, cwd=folder)
        self.assertEqual(started.returncode, 2, started.stdout)
        return started.stderr

    def test_refuses_addresses_that_others_reach(self):
        self.assertIn("unprotected", self.refused(listen="0.0.0.0:0"))

    def test_refuses_tokens_that_are_not_there_or_malformed(self):
        self.assertIn("cannot be read", self.refused("--tokens", "none"))
        with tempfile.NamedTemporaryFile("w") as tokens:
            tokens.write("anna boss * - sha256:00\n")
            tokens.flush()
            self.assertIn("reader, writer or admin",
                          self.refused("--tokens", tokens.name))
            os.chmod(tokens.name, 0o666)
            self.assertIn("chmod go-w", self.refused("--tokens", tokens.name))

    def test_refuses_certificates_that_are_none(self):
        self.assertIn("go together", self.refused("--tls-key", "key.pem"))
        self.assertIn("no certificate",
                      self.refused("--tls-key", "key.pem",
                                   "--tls-certificate", "none.pem"))


if __name__ == "__main__":
    sys.exit(unittest.main())
