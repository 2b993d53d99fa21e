#!/usr/bin/env python3
"""A server on a disk that fails, seen by its clients.

The shim of disk_shim.cc is preloaded into guanxid and takes orders through a
file: which calls for the store's file are to fail, and how. Whatever fails,
writes get a clear error that says whether they were applied, reads answer or
say why not, health tells, and once the disk is well the server recovers in the
way that docs/operations.md tells; then all that was acknowledged is there,
nothing is half there, and the file is sound.

GUANXI_DISK_SHIM is the path of the library. Where GUANXI_TEST_LONG is set, more
calls fail, and the server is started anew after each.
"""
import concurrent.futures
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]
import kill_test  # noqa: E402
import stubs  # noqa: E402

SERVER = os.environ["GUANXI_SERVER_PROGRAM"]
STUBS = tempfile.TemporaryDirectory(prefix="guanxi-stubs-")
API = kill_test.Api(STUBS.name)
stubs.generate(STUBS.name, HERE.parent / "clients", ["health.proto"])
import health_pb2  # noqa: E402
import health_pb2_grpc  # noqa: E402

IS_LONG = bool(os.environ.get("GUANXI_TEST_LONG"))
PATIENCE_S = 30
KINDS = ("nospace", "io", "half", "done")
FOR_GOOD = 1_000_000_000
CLIENTS = 3
SERVING, NOT_SERVING = 1, 2

FULL = ("RESOURCE_EXHAUSTED", "STORE_FULL")
DAMAGED = ("DATA_LOSS", "STORE_DAMAGED")
READ_ONLY = ("FAILED_PRECONDITION", "STORE_READ_ONLY")
REOPENING = ("UNAVAILABLE", "STORE_REOPENING")


def preloaded():
    """Returns LD_PRELOAD: the shim, behind the sanitizer that must be first."""
    libraries = subprocess.run(["ldd", SERVER], capture_output=True, text=True,
                               check=True).stdout
    asan = re.findall(r"libasan\S* => (\S+)", libraries)
    return ":".join([*asan, os.environ["GUANXI_DISK_SHIM"]])


@contextlib.contextmanager
def environment(**variables):
    """For the processes that are started within."""
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


class Disk:
    """Gives the shim its orders."""

    def __init__(self, folder):
        self.orders = pathlib.Path(folder, "orders")

    def environment(self, file):
        """Preloads the shim; `file` is how the path of the watched one ends."""
        return environment(LD_PRELOAD=preloaded(), GUANXI_DISK_FILE=file,
                           GUANXI_DISK_FAULT=str(self.orders))

    def fail(self, kind, first=1, last=FOR_GOOD):
        """From now on the calls from the `first` to the `last` fail."""
        draft = self.orders.with_suffix(".draft")
        draft.write_text(f"{kind} {first} {last}\n")
        os.replace(draft, self.orders)

    def has_failed(self):
        """Whether the last of the calls that were to fail has come."""
        return not self.orders.exists()

    def heal(self):
        self.orders.unlink(missing_ok=True)


def reason_of(error):
    """The code and reason of an error of a call."""
    trailer = dict(error.trailing_metadata() or ())
    details = trailer.get("grpc-status-details-bin", b"")
    # Before the domain: google/rpc has no stubs.
    reason = re.search(rb"\n.([A-Z_]+)\x12\x06guanxi", details, re.DOTALL)
    return (error.code().name, reason.group(1).decode() if reason else "")


class FaultTest(unittest.TestCase):
    """A store of its own for each test, and what was said to it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="guanxi-fault-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.data = self.folder + "/data"
        self.log = pathlib.Path(self.folder, "log")
        self.disk = Disk(self.folder)
        self.server = None
        self.tried = []
        self.acknowledged = set()
        self.refused = set()  # with the word that nothing was applied

    def start(self, file="main.guanxi"):
        with self.disk.environment(file), open(self.log, "a") as log:
            self.server = stubs.Server(self.data, log=log)
        self.addCleanup(self.server.kill)  # if it has not ended before
        self.channel = API.grpc.insecure_channel(self.server.address)
        self.addCleanup(self.channel.close)
        self.facts = API.fact_service_pb2_grpc.FactServiceStub(self.channel)
        self.graph = API.graph_service_pb2_grpc.GraphServiceStub(self.channel)
        self.admin = API.admin_service_pb2_grpc.AdminServiceStub(self.channel)

    def end(self):
        """Ends the server; its file is sound then."""
        self.channel.close()  # or the server waits for it to hang up
        self.assertEqual(self.server.end(), 0)
        self.disk.heal()
        self.expect_sound(self.data)

    def expect_sound(self, data, graph="main"):
        check = subprocess.run([SERVER, "check", "--data", data, "--graph",
                                graph], capture_output=True, text=True,
                               timeout=PATIENCE_S, check=False)
        self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
        self.assertIn(" 0 violations", check.stdout)

    # --- What clients do ---------------------------------------------------

    def commit(self, key, graph="main"):
        """Returns the error, or None. The commit is an entity with its name,
        and a relationship: neither is there without the other."""
        text = (f'kg 1\n({key} :Company {{name: "{key}", story: '
                f'"{"x" * 6000}"}})\n(hub)\n({key})-[:SUPPLIES]->(hub)\n')
        request = API.fact_service_pb2.CommitRequest(kg=text, request_id=key)
        if graph == "main" and key not in self.tried:
            self.tried.append(key)
        try:
            self.facts.Commit(request, metadata=[("guanxi-graph", graph)],
                              timeout=PATIENCE_S)
        except API.grpc.RpcError as error:
            if graph == "main" and self.says_refused(error):
                self.refused.add(key)
            return error
        if graph == "main":
            self.acknowledged.add(key)
            self.refused.discard(key)
        return None

    def says_refused(self, error):
        """Whether a commit says that it was not applied; it must say so, or
        that it may have been."""
        if "nothing was applied" in error.details():
            return True
        if reason_of(error) == READ_ONLY:
            self.assertIn("nothing is written", error.details())
            return True
        self.assertIn("it may have been applied", error.details())
        return False

    def expect_error(self, call, *expected):
        with self.assertRaises(API.grpc.RpcError) as raised:
            call()
        self.assertIn(reason_of(raised.exception), expected)

    def expect_commit_fails(self, key, *expected):
        error = self.commit(key)
        self.assertIsNotNone(error)
        self.assertIn(reason_of(error), expected, error.details())

    def expect_commit(self, key):
        """Commits; while the file is opened anew, again."""
        end = time.monotonic() + PATIENCE_S
        error = self.commit(key)
        while error is not None and reason_of(error) == REOPENING:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
            error = self.commit(key)
        self.assertIsNone(error)

    def names(self, keys):
        """Those of the keys that have their names."""
        answer = self.graph.BatchGet(
            API.graph_service_pb2.BatchGetRequest(entities=keys,
                                                  property="name"),
            timeout=PATIENCE_S)
        return {key for key, result in zip(keys, answer.results)
                if result.entity.name == key}

    def expect_right(self, keys=None):
        """What is there is what was said, and whole."""
        keys = self.tried if keys is None else keys
        named = self.names(keys)
        supplying = kill_test.find_suppliers(API, self.graph) & set(keys)
        self.assertEqual(named, supplying, "half a commit")
        self.assertLessEqual(self.acknowledged & set(keys), named, "lost")
        self.assertFalse(self.refused & named, "refused, and yet there")

    def expect_health(self, status):
        with API.grpc.insecure_channel(self.server.address) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            for service in ("", "guanxi.v1.GraphService",
                            "guanxi.v1.FactService", "guanxi.v1.AdminService"):
                answer = stub.Check(
                    health_pb2.HealthCheckRequest(service=service))
                self.assertEqual(answer.status, status, service)

    def check(self, graph="main"):
        """Returns the violations that a check of the running server finds."""
        messages = list(self.admin.Check(
            API.admin_service_pb2.CheckRequest(), timeout=PATIENCE_S,
            metadata=[("guanxi-graph", graph)]))
        self.assertTrue(messages[-1].summary.complete)
        return messages[-1].summary.violation_count

    def backup(self):
        """Returns the bytes of a backup."""
        messages = list(self.admin.Backup(
            API.admin_service_pb2.BackupRequest(), timeout=PATIENCE_S))
        self.assertTrue(messages[-1].HasField("summary"))
        return b"".join(message.chunk for message in messages)

    def expect_restores(self, backup, name):
        """A backup becomes a sound store."""
        file = pathlib.Path(self.folder, name)
        file.write_bytes(backup)
        data = f"{self.folder}/restored-{name}"
        restored = subprocess.run([SERVER, "restore", str(file), "--data",
                                   data], capture_output=True, text=True,
                                  timeout=PATIENCE_S, check=False)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.expect_sound(data)


class OneClientTest(FaultTest):
    """All calls fail until somebody mends the disk."""

    def test_a_full_disk_refuses_writes_until_there_is_room(self):
        self.start()
        self.expect_commit("before")

        self.disk.fail("nospace")
        for key in ("full-0", "full-1"):
            self.expect_commit_fails(key, FULL)
            self.assertIn(key, self.refused)
            self.expect_right()
        self.expect_health(SERVING)
        self.assertEqual(self.check(), 0)

        self.disk.heal()
        self.assertIsNone(self.commit("full-0"))
        self.expect_right()
        self.assertNotIn("read_only", self.log.read_text())
        self.end()

    def test_a_broken_disk_is_read_only_until_a_check(self):
        for kind in KINDS[1:]:
            with self.subTest(kind):
                self.setUp()
                self.break_and_mend(kind)

    def break_and_mend(self, kind):
        self.start()
        self.expect_commit("before")

        self.disk.fail(kind)
        self.expect_commit_fails("first", DAMAGED)
        self.assertIn("first", self.refused)
        self.expect_commit_fails("second", READ_ONLY)
        self.expect_health(NOT_SERVING)
        self.expect_right()
        self.expect_restores(self.backup(), "while-read-only")
        self.expect_error(self.check, DAMAGED)
        self.expect_health(NOT_SERVING)

        self.disk.heal()
        self.expect_commit_fails("third", READ_ONLY)
        self.assertEqual(self.check(), 0)
        self.expect_health(SERVING)
        self.assertIsNone(self.commit("first"))
        self.expect_right()
        log = self.log.read_text()
        self.assertEqual(len(re.findall(r"\bread_only\b", log)), 1)
        self.assertEqual(len(re.findall(r"\bwritable\b", log)), 1)

        # And it ends as ever while the disk fails, and starts again.
        self.disk.fail(kind)
        self.expect_commit_fails("last", DAMAGED)
        self.end()
        self.start()
        self.expect_right()
        self.expect_health(SERVING)
        self.expect_commit("last")
        self.end()

    def test_of_two_graphs_only_the_one_at_fault_is_read_only(self):
        self.start("other.guanxi")
        self.admin.CreateGraph(API.admin_service_pb2.CreateGraphRequest(
            name="other"), timeout=PATIENCE_S)
        self.assertIsNone(self.commit("there", "other"))

        self.disk.fail("io")
        self.assertEqual(reason_of(self.commit("first", "other")), DAMAGED)
        self.expect_health(NOT_SERVING)
        self.expect_commit("in-main")
        self.assertEqual(self.check("main"), 0)
        self.expect_health(NOT_SERVING)  # the check was of the other one

        self.disk.heal()
        self.assertEqual(self.check("other"), 0)
        self.expect_health(SERVING)
        self.assertIsNone(self.commit("first", "other"))
        self.expect_right()
        self.end()
        self.expect_sound(self.data, "other")

    def test_a_backup_that_fails_leaves_the_store_alone(self):
        self.start("main.guanxi.draft")
        self.expect_commit("before")
        for kind in KINDS:
            for first in range(1, 40 if IS_LONG else 4):
                self.disk.fail(kind, first)
                self.expect_error(self.backup, FULL if kind == "nospace"
                                  else DAMAGED,
                                  ("RESOURCE_EXHAUSTED", "OUT_OF_MEMORY"))
                self.expect_commit(f"{kind}-{first}")
                self.expect_health(SERVING)
                self.disk.heal()
                self.assertEqual(list(pathlib.Path(self.data).glob("*.draft*")),
                                 [])
            self.expect_restores(self.backup(), kind)
        self.expect_right()
        self.end()

    def test_a_start_that_fails_says_why_and_leaves_nothing_in_the_way(self):
        for kind in KINDS if IS_LONG else KINDS[:2]:
            with self.subTest(kind):
                self.setUp()
                first = 1
                while not self.starts_though(kind, first):
                    first += 1
                self.assertGreater(first, 3)
                self.start()
                self.expect_commit("after")
                self.end()

    def starts_though(self, kind, first):
        """Whether a server starts though calls fail from the first on."""
        self.disk.fail(kind, first)
        with self.disk.environment("main.guanxi"):
            process = subprocess.Popen(
                [SERVER, "--data", self.data, "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with process.stdout as out, process.stderr as err:
            if started := out.readline().startswith("listening on "):
                process.terminate()
            said = err.read()
        self.assertEqual(process.wait(PATIENCE_S), 0 if started else 2, said)
        self.disk.heal()
        if not started:
            self.assertRegex(said, r"^guanxid: .*(no room|damaged|memory)")
        return started


class ManyClientsTest(FaultTest):
    """The n-th call fails, for each n, while several clients commit and one
    reads."""

    def test_whatever_call_fails_nothing_acknowledged_is_lost(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.setUp()
                self.fail_each(kind, lambda n: n)
                self.setUp()
                self.fail_each(kind, lambda n: FOR_GOOD)

    def fail_each(self, kind, last_of):
        self.start()
        self.expect_commit("before")
        n = 0
        failed = True
        step = 1 if IS_LONG or last_of(1) == 1 else 3
        while failed:
            n += step
            self.disk.fail(kind, n, last_of(n))
            failed = self.live(kind, n)
            if IS_LONG and failed:
                self.end()
                self.start()
                self.expect_right()
        print(f"{kind}, {'one call' if last_of(1) == 1 else 'from a call on'}: "
              f"{n} calls", flush=True)
        self.assertGreater(n, 3)  # a commit writes, syncs, and writes
        self.expect_right()
        self.end()

    def live(self, kind, n):
        """Clients commit at the same time; returns whether any of them was told
        of a fault."""
        keys = [f"n{n}-{client}" for client in range(CLIENTS)]
        before = self.acknowledged.copy()
        done = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(CLIENTS + 1) as pool:
            reading = pool.submit(self.read_until, done, sorted(before)[-20:])
            errors = [error for error in pool.map(self.commit, keys) if error]
            done.set()
            reading.result()
        if errors:
            self.expect_told(kind, [reason_of(error) for error in errors])
        elif self.disk.has_failed():
            self.fail("a call failed, and nobody was told")
        once = self.disk.has_failed()
        if errors and not once:
            self.expect_health(SERVING if kind == "nospace" else NOT_SERVING)
        self.disk.heal()
        self.recover(kind, bool(errors))
        self.expect_right(["before", *keys])
        for key in keys:  # again, under the same request id
            self.expect_commit(key)
        self.expect_right(["before", *keys])
        return bool(errors)

    def expect_told(self, kind, told):
        first, others = ((FULL, {FULL, REOPENING}) if kind == "nospace" else
                         (DAMAGED, {DAMAGED, READ_ONLY}))
        self.assertIn(first, told)
        self.assertLessEqual(set(told), others)

    def recover(self, kind, failed):
        if failed and kind != "nospace":
            self.expect_health(NOT_SERVING)
            self.expect_commit_fails("too-early", READ_ONLY)
            self.assertEqual(self.check(), 0)
        self.expect_health(SERVING)
        self.expect_commit(f"after-{len(self.tried)}")

    def read_until(self, done, keys):
        """Reads what is there already: it answers, or says why not."""
        while not done.is_set():
            try:
                self.assertEqual(self.names(["before", *keys]),
                                 {"before", *keys})
            except API.grpc.RpcError as error:
                self.assertEqual(reason_of(error), REOPENING)
                time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(unittest.main())
