#!/usr/bin/env python3
"""What survival_test.py fights with: a server that is watched, and clients.

Run as a program it is one client in a process of its own, so that what it
measures is not held up by the attackers, and so that it can be killed:

    survival_arena.py bystander STUBS ADDRESS TOKEN
    survival_arena.py crowd STUBS ADDRESS TOKEN CLIENTS
"""
import collections
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import queue
import re
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
import stubs  # noqa: E402

SMALL, BIG = "calm", "big"  # keys of two entities
CLIQUE = 50  # entities k0, k1 and so on, all of which supply each other
PATIENCE_S = 60
BYSTANDER_DEADLINE_S = 10
BYSTANDER_PAUSE_S = 0.005
SAMPLE_S = 0.02
# A client that takes no more from the network than it was asked for: gRPC
# clients else take some megabytes on stock, and say so to the server in bulk.
WITHOUT_STOCK = (("grpc.http2.bdp_probe", 0),
                 ("grpc.http2.lookahead_bytes", 65_535))
# The most of each that a request can ask for, as docs/limits.md says.
MOST = {"max_entities": 10_000_000, "max_relationships": 100_000_000,
        "max_results": 1_000_000, "max_bytes": 1 << 30}


class Api:
    """The generated modules; `folder` has them or gets them."""

    def __init__(self, folder):
        self.folder = str(folder)
        if pathlib.Path(self.folder).exists():
            sys.path.insert(0, self.folder)
        else:
            pathlib.Path(self.folder).mkdir(parents=True)
            stubs.generate_guanxi(self.folder)
        import grpc
        from guanxi.v1 import changes_pb2, fact_service_pb2, graph_pb2
        from guanxi.v1 import fact_service_pb2_grpc
        from guanxi.v1 import graph_service_pb2, graph_service_pb2_grpc
        self.grpc = grpc
        self.changes = changes_pb2
        self.facts, self.facts_grpc = fact_service_pb2, fact_service_pb2_grpc
        self.graph = graph_pb2
        self.reads, self.reads_grpc = graph_service_pb2, graph_service_pb2_grpc

    def clique_paths(self, **more):
        """Asks for some 10 to the power of 16 paths."""
        return self.reads.FindPathsRequest(
            from_entity="k0", to_entity=f"k{CLIQUE - 1}", max_length=10,
            mode=self.reads.PATH_MODE_ALL, **more)

    def with_most(self, request):
        """Returns the request with the largest budget there is."""
        for name, value in MOST.items():
            setattr(request.traversal.budget, name, value)
        return request


@dataclasses.dataclass
class Answer:
    """How a call ended."""

    code: str  # "OK"
    reason: str = ""  # of an ErrorInfo
    outcome: str = ""  # "TRUNCATED"
    stop: str = ""  # "MAX_RESULTS"
    results: int = 0
    took_s: float = 0

    def __str__(self):
        if self.code == "OK":
            return f"{self.outcome} {self.stop}".strip() or "OK"
        return f"{self.code} [{self.reason}]" if self.reason else self.code


def reason_of(error):
    """Returns the reason of the ErrorInfo that an error carries, or nothing.

    The stubs lack google/rpc, so its bytes are looked at: field 1, then the
    domain.
    """
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            found = re.search(rb"\x0a.([A-Z_]+)\x12\x06guanxi", value, re.S)
            return found[1].decode() if found else ""
    return ""


class Client:
    """A caller with a token and a connection of its own."""

    def __init__(self, api, address, token, options=()):
        self.api = api
        self.channel = api.grpc.insecure_channel(address, options=[
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.max_receive_message_length", -1), *options])
        self.reads = api.reads_grpc.GraphServiceStub(self.channel)
        self.facts = api.facts_grpc.FactServiceStub(self.channel)
        self.metadata = [("authorization", "Bearer " + token)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def begin(self, method, request, timeout_s=PATIENCE_S):
        """Begins a call of GraphService; returns its answer as gRPC has it."""
        return getattr(self.reads, method)(request, timeout=timeout_s,
                                           metadata=self.metadata)

    def ask(self, method, request, timeout_s=PATIENCE_S):
        """Makes a call to its end."""
        start = time.monotonic()
        answer = Answer("OK")
        try:
            got = self.begin(method, request, timeout_s)
            if hasattr(got, "__next__"):
                for message in got:
                    self.take(message, answer)
        except self.api.grpc.RpcError as error:
            answer = Answer(error.code().name, reason_of(error))
        answer.took_s = time.monotonic() - start
        return answer

    def take(self, message, answer):
        """Adds a message of a stream to what is known of its answer."""
        for field in ("relationships", "paths", "entities"):
            if field in message.DESCRIPTOR.fields_by_name:
                answer.results += len(getattr(message, field))
                break
        if message.HasField("completeness"):
            how = message.completeness
            graph = self.api.graph
            answer.outcome = graph.Outcome.Name(how.outcome)[len("OUTCOME_"):]
            if how.reason:
                answer.stop = graph.StopReason.Name(
                    how.reason)[len("STOP_REASON_"):]

    def load(self, lines):
        """Imports lines of .kg as one commit."""
        data = "\n".join(["kg 1", *lines, ""]).encode()
        facts, step = self.api.facts, 1 << 20

        def upload():
            for start in range(0, len(data), step):
                yield facts.ImportRequest(chunk=facts.ImportChunk(
                    file="survival.kg", data=data[start:start + step]))
            yield facts.ImportRequest(end=facts.ImportEnd())
        *_, last = self.facts.Import(upload(), timeout=10 * PATIENCE_S,
                                     metadata=self.metadata)
        return last.report


def at_once(count, work):
    """Calls work(number) in so many threads; returns what they returned."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


class Bystander:
    """A client in a process of its own that asks small questions."""

    def __init__(self, api, address, token):
        self.calls = []  # (start_s, seconds, error)
        self.process = subprocess.Popen(
            [sys.executable, __file__, "bystander", api.folder, address, token],
            stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        with self.process.stdout as lines:
            for line in lines:
                start, seconds, error = line.rstrip("\n").split(" ", 2)
                self.calls.append((float(start), float(seconds), error))

    def during(self, start_s, end_s):
        """Returns the calls that were under way then."""
        return [call for call in list(self.calls)
                if call[0] < end_s and call[0] + call[1] > start_s]

    def end(self):
        self.process.kill()
        self.process.wait()


class Crowd:
    """Clients in one process, each amid an answer, that are killed at once."""

    def __init__(self, api, address, token, clients):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "crowd", api.folder, address, token,
             str(clients)], stdout=subprocess.PIPE, text=True)

    def wait(self):
        """Returns how the calls of all began: {"streaming": 128, ...}."""
        return collections.Counter(json.loads(self.process.stdout.readline()))

    def vanish(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.vanish()


class Victim:
    """A server with its log, its memory and its bystanders under watch.

    Memory is RssAnon: what the process holds for itself. The pages of the store
    that LMDB maps are the file system's (RssFile, RssShmem): they go when
    somebody else needs the room.
    """

    TOKENS = {"loader": "writer", "attacker": "reader", "bystander": "reader",
              "reader": "reader", "steady": "reader", "crowd": "reader"}

    def __init__(self, api, folder, bounds, arguments):
        self.api, self.bounds = api, bounds
        self.tokens = {}
        pathlib.Path(folder).mkdir()
        path = f"{folder}/tokens"
        for name, role in self.TOKENS.items():
            made = subprocess.run(
                [os.environ["GUANXI_SERVER_PROGRAM"], "token", name, "--role",
                 role, "--tokens", path], capture_output=True, text=True,
                check=True)
            self.tokens[name] = made.stdout.strip()
        self.server = stubs.Server(f"{folder}/data",
                                   ["--tokens", path, *arguments],
                                   subprocess.PIPE)
        self.address = self.server.address
        self.log = []  # (when_s, line)
        self.peak = 0
        self.bystanders = []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.read_log, daemon=True),
                        threading.Thread(target=self.sample, daemon=True)]
        for thread in self.threads:
            thread.start()

    def read_log(self):
        with self.server.process.stderr as lines:
            for line in lines:
                self.log.append((time.monotonic(), line))

    def sample(self):
        while not self.ended.wait(SAMPLE_S):
            self.peak = max(self.peak, self.memory_mb())

    def status(self, field):
        path = f"/proc/{self.server.process.pid}/status"
        found = re.search(rf"^{field}:\s+(\d+)", pathlib.Path(path).read_text(),
                          re.M)
        return int(found[1]) if found else 0

    def memory_mb(self):
        return self.status("RssAnon") // 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.server.process.pid}/fd"))

    def taken(self, connections):
        """Returns how many of them the server has accepted.

        Those that wait for it have no inode yet.
        """
        ports = {one.getsockname()[1] for one in connections}
        own = int(self.address.rsplit(":", 1)[1])
        lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
        rows = [line.split() for line in lines]
        return sum(int(row[1].split(":")[1], 16) == own
                   and int(row[2].split(":")[1], 16) in ports
                   and row[9] != "0" for row in rows)

    def client(self, name, options=()):
        return Client(self.api, self.address, self.tokens[name], options)

    def crowd(self, clients):
        return Crowd(self.api, self.address, self.tokens["crowd"], clients)

    def connect(self):
        """Returns a bare connection."""
        host, port = self.address.rsplit(":", 1)
        return socket.create_connection((host, int(port)), timeout=PATIENCE_S)

    def add_bystanders(self, count):
        self.bystanders = [
            Bystander(self.api, self.address, self.tokens["bystander"])
            for _ in range(count)]
        self.wait_for("the bystanders", lambda: all(
            len(bystander.calls) > 10 for bystander in self.bystanders))

    def wait_for(self, what, is_so, patience_s=PATIENCE_S):
        end = time.monotonic() + patience_s
        while not is_so():
            assert time.monotonic() < end, f"waited in vain for {what}"
            time.sleep(SAMPLE_S)

    def ends_of(self, caller, since):
        """Returns (when_s, line) of the calls of one that ended since then."""
        return [entry for entry in self.log[since:]
                if re.search(rf" code=.* caller={caller}\b", entry[1])]

    def end(self):
        for bystander in self.bystanders:
            bystander.end()
        code = self.server.end()
        self.ended.set()
        for thread in self.threads:
            thread.join()
        return code

    def kill(self):
        for bystander in self.bystanders:
            bystander.end()
        self.ended.set()
        self.server.kill()


def be_bystander(api, address, token):
    """Writes a line a call: when it began, its time, what went wrong."""
    client = Client(api, address, token)
    requests = [("Get", api.reads.GetRequest(entity=SMALL)),
                ("Neighbourhood", api.reads.NeighbourhoodRequest(entity=SMALL))]
    while True:
        for method, request in requests:
            start = time.monotonic()
            answer = client.ask(method, request, BYSTANDER_DEADLINE_S)
            error = "" if answer.code == "OK" else str(answer)
            print(f"{start:.6f} {answer.took_s:.6f} {error}", flush=True)
            time.sleep(BYSTANDER_PAUSE_S)


def be_crowd(api, address, token, clients):
    """Takes one message each of endless answers, and says how that went."""
    request = api.with_most(api.clique_paths())
    everyone = [Client(api, address, token, WITHOUT_STOCK)
                for _ in range(clients)]
    calls = [client.begin("FindPaths", request, 10 * PATIENCE_S)
             for client in everyone]
    went = collections.Counter()
    for call in calls:
        try:
            next(call)
            went["streaming"] += 1
        except api.grpc.RpcError as error:
            went[reason_of(error) or error.code().name] += 1
    print(json.dumps(went), flush=True)
    queue.Queue().get()  # until it is killed


def main():
    role, folder, address, token, *more = sys.argv[1:]
    api = Api(folder)
    if role == "bystander":
        be_bystander(api, address, token)
    else:
        be_crowd(api, address, token, int(more[0]))


if __name__ == "__main__":
    main()
