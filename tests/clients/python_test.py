#!/usr/bin/env python3
"""A client in Python, made from the proto files alone, asks the demo's questions.

Its answers must be those of the CLI; it commits too, and looks at reflection and
health as tools do.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import stubs  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="guanxi-stubs-")
stubs.generate_guanxi(FOLDER.name)
HERE = pathlib.Path(__file__).resolve().parent
stubs.generate(FOLDER.name, HERE, ["reflection.proto", "health.proto"])

# pylint: disable=wrong-import-position
import grpc  # noqa: E402
import health_pb2  # noqa: E402
import health_pb2_grpc  # noqa: E402
import reflection_pb2  # noqa: E402
import reflection_pb2_grpc  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from guanxi.v1 import claim_pb2, fact_service_pb2, graph_pb2  # noqa: E402
from guanxi.v1 import fact_service_pb2_grpc  # noqa: E402
from guanxi.v1 import graph_service_pb2, graph_service_pb2_grpc  # noqa: E402
from guanxi.v1 import statement_pb2, value_pb2  # noqa: E402

DAY = "2025-09-30"
SEEDS = ["seed/cambricon.kg", "seed/context.kg"]
OPTIONS = graph_pb2.ReadOptions(moment=graph_pb2.Moment(valid_at=DAY))


def upload(paths):
    """Yields the messages of an import."""
    for path in paths:
        yield fact_service_pb2.ImportRequest(
            chunk=fact_service_pb2.ImportChunk(
                file=path, data=(stubs.ROOT / path).read_bytes()))
    yield fact_service_pb2.ImportRequest(end=fact_service_pb2.ImportEnd())


def whole(stream):
    """Puts the messages of a streamed answer together."""
    first, *rest = stream
    for message in rest:
        first.MergeFrom(message)
    return first


class PythonClientTest(unittest.TestCase):
    """One server with the seed graphs for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.running = stubs.running_server()
        cls.server = cls.running.__enter__()
        channel = grpc.insecure_channel(cls.server.address)
        cls.channel = channel
        cls.graph = graph_service_pb2_grpc.GraphServiceStub(channel)
        cls.facts = fact_service_pb2_grpc.FactServiceStub(channel)
        *_, last = cls.facts.Import(upload(SEEDS))
        cls.report = last.report

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        cls.running.__exit__(None, None, None)

    def ask_cli(self, *arguments):
        """Returns the CLI's answer, and its exit code."""
        done = subprocess.run(
            [os.environ["GUANXI_CLI_PROGRAM"], "--server", self.server.address,
             "--valid-at", DAY, "--format", "json", *arguments],
            capture_output=True, text=True, check=False)
        return json.loads(done.stdout), done.returncode

    def expect_same(self, message, *arguments, code=0):
        """Checks that the CLI gives the same answer."""
        answer, exit_code = self.ask_cli(*arguments)
        self.assertEqual(json_format.MessageToDict(message), answer)
        self.assertEqual(exit_code, code)

    def test_import_is_one_commit(self):
        self.assertEqual(self.report.summary.revision, 1)
        self.assertEqual(self.report.files, 2)
        self.assertGreater(self.report.summary.claims_added, 100)

    def test_path_has_the_stake_and_the_source(self):
        answer = whole(self.graph.FindPaths(graph_service_pb2.FindPathsRequest(
            from_entity="cas", to_entity="cambricon", options=OPTIONS,
            evidence=graph_pb2.EVIDENCE_SHOWN)))
        step = answer.paths[0].relationships[0]
        stake = {p.key.name: p.value.quantity_value.literal
                 for p in step.properties}
        self.assertEqual(stake["percent"], "16%")
        citation = step.showing.claims[0].citation
        self.assertEqual((citation.source, citation.first_line), ("a004", 8))
        self.expect_same(answer, "paths", "cas", "cambricon")

    def test_no_path_is_proven(self):
        answer = whole(self.graph.FindPaths(graph_service_pb2.FindPathsRequest(
            from_entity="deepseek", to_entity="cambricon", options=OPTIONS,
            evidence=graph_pb2.EVIDENCE_SHOWN)))
        self.assertEqual(answer.completeness.outcome,
                         graph_pb2.OUTCOME_PROVEN_NONE)
        self.expect_same(answer, "paths", "deepseek", "cambricon", code=1)

    def test_neighbourhood(self):
        answer = whole(
            self.graph.Neighbourhood(graph_service_pb2.NeighbourhoodRequest(
                entity="cambricon", options=OPTIONS,
                evidence=graph_pb2.EVIDENCE_SHOWN)))
        self.assertEqual(answer.completeness.outcome,
                         graph_pb2.OUTCOME_COMPLETE)
        types = {r.key.type for r in answer.relationships}
        self.assertLessEqual({"OWNS_SHARES_IN", "SUPPLIES"}, types)
        self.expect_same(answer, "neighbors", "cambricon")

    def test_claims_of_revenue(self):
        answer = self.graph.ListClaims(graph_service_pb2.ListClaimsRequest(
            entity="cambricon", name="revenue", options=OPTIONS))
        half_year = next(fact for fact in answer.facts
                         if (fact.key.time, fact.key.unit)
                         == ("2025-H1", "CNY"))
        verdicts = {c.citation.source: (c.verdict, c.loss_rule)
                    for c in half_year.claims}
        self.assertEqual(verdicts["usmart"][0], claim_pb2.VERDICT_SHOWN)
        self.assertEqual(verdicts["a000"], (claim_pb2.VERDICT_LOST,
                                            claim_pb2.LOSS_RULE_TIER))
        self.expect_same(answer, "claims", "cambricon", "revenue")

    def test_entity(self):
        answer = self.graph.Get(graph_service_pb2.GetRequest(
            entity="Huawei", options=OPTIONS,
            evidence=graph_pb2.EVIDENCE_SHOWN))
        self.assertEqual(answer.entity.key, "huawei")
        self.expect_same(answer, "get", "huawei")

    def test_error_has_its_code_and_text(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.graph.Get(graph_service_pb2.GetRequest(entity="cambricom"))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)
        self.assertIn("cambricom", caught.exception.details())

    def test_reflection_lists_the_services(self):
        stub = reflection_pb2_grpc.ServerReflectionStub(self.channel)
        request = reflection_pb2.ServerReflectionRequest(list_services="*")
        answer = next(iter(stub.ServerReflectionInfo(iter([request]))))
        names = {s.name for s in answer.list_services_response.service}
        self.assertLessEqual({"guanxi.v1.GraphService",
                              "guanxi.v1.FactService",
                              "guanxi.v1.AdminService",
                              "grpc.health.v1.Health"}, names)

    def test_health(self):
        stub = health_pb2_grpc.HealthStub(self.channel)
        for service in ("", "guanxi.v1.GraphService", "guanxi.v1.FactService",
                        "guanxi.v1.AdminService"):
            answer = stub.Check(health_pb2.HealthCheckRequest(service=service))
            self.assertEqual(answer.status,
                             health_pb2.HealthCheckResponse.SERVING)


class PythonCommitTest(unittest.TestCase):
    """A server of its own for a commit."""

    def test_commit_is_seen_at_its_revision(self):
        with stubs.running_server() as server, \
                grpc.insecure_channel(server.address) as channel:
            facts = fact_service_pb2_grpc.FactServiceStub(channel)
            graph = graph_service_pb2_grpc.GraphServiceStub(channel)
            written = facts.Commit(fact_service_pb2.CommitRequest(operations=[
                statement_pb2.Operation(entity=statement_pb2.EntityStatement(
                    key="mara", labels=["Person"])),
                statement_pb2.Operation(entity=statement_pb2.EntityStatement(
                    key="arbor", labels=["Company"])),
                statement_pb2.Operation(
                    relationship=statement_pb2.RelationshipStatement(
                        subject="mara", type="OWNS_SHARES_IN", object="arbor",
                        properties={"percent": value_pb2.Value(
                            quantity_value=value_pb2.Quantity(
                                literal="60%"))})),
            ], author="python_test"))
            self.assertTrue(written.summary.changed)
            answer = whole(
                graph.Neighbourhood(graph_service_pb2.NeighbourhoodRequest(
                    entity="mara", options=graph_pb2.ReadOptions(
                        min_revision=written.summary.revision))))
            owned = answer.relationships[0]
            self.assertEqual(owned.key.object, "arbor")
            percent = owned.properties[0].value.quantity_value
            self.assertEqual((percent.literal, percent.lower.number,
                              percent.unit), ("60%", "60", "%"))
            self.assertEqual(server.end(), 0)


if __name__ == "__main__":
    unittest.main()
