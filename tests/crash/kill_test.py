#!/usr/bin/env python3
"""Kills the server with SIGKILL while clients commit; nothing acknowledged is lost.

Each round: a server on the store of the rounds before, four clients that commit
as fast as they can, a kill at a random moment, a new server on the same store,
and every commit that was ever acknowledged must be in it.

GUANXI_KILL_ROUNDS sets the number of rounds; else there are 3, or 20 where
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

CLIENTS = 4
BATCH = 500
SHORTEST_S, LONGEST_S = 0.2, 1.5


def rounds():
    default = "20" if os.environ.get("GUANXI_TEST_LONG") else "3"
    return int(os.environ.get("GUANXI_KILL_ROUNDS", default))


class Committer(threading.Thread):
    """A client that commits entities with a relationship until it cannot."""

    def __init__(self, name, address, api):
        super().__init__(name=name)
        self.address = address
        self.api = api
        self.acknowledged = []  # (key, revision)

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
                except self.api.grpc.RpcError:
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
        self.grpc = grpc
        self.fact_service_pb2 = fact_service_pb2
        self.fact_service_pb2_grpc = fact_service_pb2_grpc
        self.graph_service_pb2 = graph_service_pb2
        self.graph_service_pb2_grpc = graph_service_pb2_grpc


def commit_until_killed(api, data, number, delay_s):
    """Returns what was acknowledged before the kill."""
    server = stubs.Server(data)
    clients = [Committer(f"r{number}c{i}", server.address, api)
               for i in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(delay_s)
    server.kill()
    for client in clients:
        client.join()
    return [entry for client in clients for entry in client.acknowledged]


def find_lost(api, data, acknowledged):
    """Starts the server again; returns what it does not have."""
    server = stubs.Server(data)
    lost = []
    try:
        with api.grpc.insecure_channel(server.address) as channel:
            stub = api.graph_service_pb2_grpc.GraphServiceStub(channel)
            for start in range(0, len(acknowledged), BATCH):
                keys = [key for key, _ in acknowledged[start:start + BATCH]]
                answer = stub.BatchGet(api.graph_service_pb2.BatchGetRequest(
                    entities=keys))
                lost += [key for key, result in zip(keys, answer.results)
                         if result.entity.name != key]
                newest = max(r for _, r in acknowledged[start:start + BATCH])
                if answer.moment.revision < newest:
                    lost.append(f"revision {newest}")
            lost += missing_relationships(api, stub, acknowledged)
    finally:
        if server.end() != 0:
            lost.append("a clean end")
    return lost


def missing_relationships(api, stub, acknowledged):
    request = api.graph_service_pb2.NeighbourhoodRequest(entity="hub")
    request.traversal.budget.max_results = 1_000_000
    suppliers = {relationship.key.subject
                 for message in stub.Neighbourhood(request)
                 for relationship in message.relationships}
    return [f"{key} -> hub" for key, _ in acknowledged if key not in suppliers]


def main():
    seed = int(os.environ.get("GUANXI_TEST_SEED", random.randrange(1 << 32)))
    print(f"GUANXI_TEST_SEED={seed}", flush=True)
    moments = random.Random(seed)
    acknowledged = []
    with tempfile.TemporaryDirectory(prefix="guanxi-kill-") as folder:
        api = Api(folder)
        data = pathlib.Path(folder) / "data"
        for number in range(rounds()):
            delay_s = moments.uniform(SHORTEST_S, LONGEST_S)
            new = commit_until_killed(api, data, number, delay_s)
            acknowledged += new
            lost = find_lost(api, data, acknowledged) if acknowledged else []
            if len({revision for _, revision in acknowledged}) \
                    != len(acknowledged):
                lost.append("a revision of its own for each commit")
            print(f"round {number}: killed after {delay_s:.2f} s, "
                  f"{len(new)} commits acknowledged, {len(acknowledged)} "
                  f"in all, {len(lost)} lost", flush=True)
            if lost:
                print("lost:", *lost[:20], sep="\n  ")
                return 1
    if not acknowledged:
        print("no commit was acknowledged in any round")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
