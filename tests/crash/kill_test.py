#!/usr/bin/env python3
"""Kills the server with SIGKILL while clients commit; nothing acknowledged is lost.

Each round: a server on a store, eight clients that commit as fast as they can, a
kill at a random moment, a new server on the same store: every commit that was
ever acknowledged must be in it, the ones that were under way must be there whole
or not at all, and a check must find the store sound. Every 25 rounds begin with
a fresh store, so that a check does not come to take most of the time.

GUANXI_KILL_ROUNDS sets the number of rounds; else there are 3, or 500 where
GUANXI_TEST_LONG is set. GUANXI_TEST_SEED repeats a run's moments.
"""
import os
import pathlib
import random
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
import stubs  # noqa: E402

CLIENTS = 8
ROUNDS_OF_A_STORE = 25
BATCH = 500
SHORTEST_S, LONGEST_S = 0.1, 1.0


def rounds():
    default = "500" if os.environ.get("GUANXI_TEST_LONG") else "3"
    return int(os.environ.get("GUANXI_KILL_ROUNDS", default))


class Committer(threading.Thread):
    """A client that commits entities with a relationship until it cannot."""

    def __init__(self, name, address, api, killed):
        super().__init__(name=name)
        self.killed = killed
        self.unexpected = None  # an error while the server ran
        self.address = address
        self.api = api
        self.acknowledged = []  # (key, revision)
        self.under_way = None  # the key of the commit that was not answered

    def run(self):
        with self.api.grpc.insecure_channel(self.address) as channel:
            stub = self.api.fact_service_pb2_grpc.FactServiceStub(channel)
            number = 0
            while True:
                key = f"{self.name}-{number}"
                text = (f'kg 1\n({key} :Company {{name: "{key}"}})\n(hub)\n'
                        f"({key})-[:SUPPLIES]->(hub)\n")
                request = self.api.fact_service_pb2.CommitRequest(kg=text)
                try:
                    answer = stub.Commit(request)
                except self.api.grpc.RpcError as error:
                    self.under_way = key
                    if not self.killed.is_set():
                        self.unexpected = error
                    return  # the server is gone
                self.acknowledged.append((key, answer.summary.revision))
                number += 1


class Api:
    """The generated modules, once they are there."""

    def __init__(self, folder):
        stubs.generate_guanxi(folder)
        import grpc
        from guanxi.v1 import fact_service_pb2, fact_service_pb2_grpc
        from guanxi.v1 import graph_service_pb2, graph_service_pb2_grpc
        from guanxi.v1 import admin_service_pb2, admin_service_pb2_grpc
        self.grpc = grpc
        self.fact_service_pb2 = fact_service_pb2
        self.fact_service_pb2_grpc = fact_service_pb2_grpc
        self.admin_service_pb2 = admin_service_pb2
        self.admin_service_pb2_grpc = admin_service_pb2_grpc
        self.graph_service_pb2 = graph_service_pb2
        self.graph_service_pb2_grpc = graph_service_pb2_grpc


def commit_until_killed(api, data, number, delay_s):
    """Returns what was acknowledged before the kill, and what was under way."""
    server = stubs.Server(data)
    killed = threading.Event()
    clients = [Committer(f"r{number}c{i}", server.address, api, killed)
               for i in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(delay_s)
    killed.set()
    server.kill()
    for client in clients:
        client.join()
        if client.unexpected is not None:
            raise client.unexpected
    return ([entry for client in clients for entry in client.acknowledged],
            [client.under_way for client in clients])


def find_wrong(api, data, acknowledged, under_way):
    """Starts the server again; returns what is not as it must be."""
    server = stubs.Server(data)
    wrong = []
    try:
        with api.grpc.insecure_channel(server.address) as channel:
            stub = api.graph_service_pb2_grpc.GraphServiceStub(channel)
            for start in range(0, len(acknowledged), BATCH):
                keys = [key for key, _ in acknowledged[start:start + BATCH]]
                answer = stub.BatchGet(api.graph_service_pb2.BatchGetRequest(
                    entities=keys))
                wrong += [key for key, result in zip(keys, answer.results)
                         if result.entity.name != key]
                newest = max(r for _, r in acknowledged[start:start + BATCH])
                if answer.moment.revision < newest:
                    wrong.append(f"revision {newest}")
            suppliers = find_suppliers(api, stub)
            wrong += [f"{key} -> hub" for key, _ in acknowledged
                     if key not in suppliers]
            wrong += [f"half of {key}" for key in under_way
                     if has_name(api, stub, key) != (key in suppliers)]
            wrong += find_violations(api, channel)
    finally:
        if server.end() != 0:
            wrong.append("a clean end")
    return wrong


def has_name(api, stub, key):
    answer = stub.BatchGet(api.graph_service_pb2.BatchGetRequest(
        entities=[key]))
    return answer.results[0].entity.name == key


def find_violations(api, channel):
    stub = api.admin_service_pb2_grpc.AdminServiceStub(channel)
    messages = list(stub.Check(api.admin_service_pb2.CheckRequest()))
    if messages[-1].summary.complete:
        return [str(message.violation) for message in messages
                if message.HasField("violation")]
    return ["a whole check"]


def find_suppliers(api, stub):
    """Returns the keys of those that supply the hub; none if there is none."""
    request = api.graph_service_pb2.NeighbourhoodRequest(entity="hub")
    request.traversal.budget.max_results = 1_000_000
    try:
        return {relationship.key.subject
                for message in stub.Neighbourhood(request)
                for relationship in message.relationships}
    except api.grpc.RpcError as error:
        if error.code() != api.grpc.StatusCode.NOT_FOUND:
            raise
        return set()


def main():
    seed = int(os.environ.get("GUANXI_TEST_SEED", random.randrange(1 << 32)))
    print(f"GUANXI_TEST_SEED={seed}", flush=True)
    moments = random.Random(seed)
    acknowledged = []
    in_all = 0
    with tempfile.TemporaryDirectory(prefix="guanxi-kill-") as folder:
        api = Api(folder)
        for number in range(rounds()):
            data = pathlib.Path(folder) / f"data{number // ROUNDS_OF_A_STORE}"
            if number % ROUNDS_OF_A_STORE == 0:
                acknowledged = []
            delay_s = moments.uniform(SHORTEST_S, LONGEST_S)
            new, under_way = commit_until_killed(api, data, number, delay_s)
            acknowledged += new
            in_all += len(new)
            wrong = find_wrong(api, data, acknowledged, under_way)
            if len({revision for _, revision in acknowledged}) \
                    != len(acknowledged):
                wrong.append("a revision of its own for each commit")
            print(f"round {number}: killed after {delay_s:.2f} s, "
                  f"{len(new)} commits acknowledged, {in_all} "
                  f"in all, {len(wrong)} wrong", flush=True)
            if wrong:
                print("lost or wrong:", *wrong[:20], sep="\n  ")
                return 1
    if in_all == 0:
        print("no commit was acknowledged in any round")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
