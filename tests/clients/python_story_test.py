#!/usr/bin/env python3
"""A client in Python does what a user does, by the proto files alone.

It loads, asks, corrects, asks what was believed before, merges, splits, and
takes the graph out of one server and into another.
"""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import stubs  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="guanxi-stubs-")
stubs.generate_guanxi(FOLDER.name)

# pylint: disable=wrong-import-position
import grpc  # noqa: E402
from guanxi.v1 import claim_pb2, fact_service_pb2, graph_pb2  # noqa: E402
from guanxi.v1 import fact_service_pb2_grpc  # noqa: E402
from guanxi.v1 import graph_service_pb2, graph_service_pb2_grpc  # noqa: E402
from guanxi.v1 import statement_pb2  # noqa: E402

DAY = "2025-09-30"
CHUNK_BYTES = 1 << 18
SEEDS = ["seed/cambricon.kg", "seed/context.kg"]
CORRECTION = fact_service_pb2.CommitRequest(
    kg="kg 1\n(cambricon).revenue = 28.81e9 CNY during 2025-H1 from a000:19 "
       "rank deprecated supersedes rev-h1-a000 id rev-h1-a000-low\n",
    author="python_story_test", request_id="correct-1",
    preconditions=[fact_service_pb2.Precondition(
        claim="rev-h1-a000",
        presence=fact_service_pb2.PRESENCE_EXISTS)])


def at(revision=None):
    """Returns the options of a read of what was believed at a revision."""
    moment = graph_pb2.Moment(valid_at=DAY)
    if revision is not None:
        moment.revision = revision
    return graph_pb2.ReadOptions(moment=moment)


def upload(files):
    """Yields the messages of an import of files: their bytes by name."""
    for name, data in files.items():
        for start in range(0, len(data), CHUNK_BYTES):
            yield fact_service_pb2.ImportRequest(
                chunk=fact_service_pb2.ImportChunk(
                    file=name, data=data[start:start + CHUNK_BYTES]))
    yield fact_service_pb2.ImportRequest(end=fact_service_pb2.ImportEnd())


def export(facts, file_format):
    """Returns the whole graph as the bytes of a file."""
    answer = list(facts.Export(fact_service_pb2.ExportRequest(
        options=at(), format=file_format)))
    assert answer[-1].completeness.outcome == graph_pb2.OUTCOME_COMPLETE
    return b"".join(message.data for message in answer)


class StoryTest(unittest.TestCase):
    """One server for the whole story."""

    def test_load_ask_correct_look_back_merge_split_export(self):
        with stubs.running_server() as server, \
                grpc.insecure_channel(server.address) as channel:
            self.graph = graph_service_pb2_grpc.GraphServiceStub(channel)
            self.facts = fact_service_pb2_grpc.FactServiceStub(channel)
            self.load_and_ask()
            self.correct_and_look_back()
            self.merge_and_split()
            self.move_to_another_server()
            self.assertEqual(server.end(), 0)

    def load_and_ask(self):
        """Loads the seed graphs and asks for the stake."""
        *_, last = self.facts.Import(upload(
            {path: (stubs.ROOT / path).read_bytes() for path in SEEDS}))
        self.assertEqual(last.report.summary.revision, 1)
        *_, answer = self.graph.FindPaths(graph_service_pb2.FindPathsRequest(
            from_entity="cas", to_entity="cambricon", options=at()))
        self.assertEqual(answer.completeness.outcome,
                         graph_pb2.OUTCOME_COMPLETE)

    def revenue_of_a000(self, revision=None):
        """Returns the article's claim on the revenue of the half-year."""
        answer = self.graph.ListClaims(graph_service_pb2.ListClaimsRequest(
            entity="cambricon", name="revenue", options=at(revision)))
        fact = next(fact for fact in answer.facts
                    if (fact.key.time, fact.key.unit) == ("2025-H1", "CNY"))
        return next(claim for claim in fact.claims
                    if claim.citation.source == "a000")

    def correct_and_look_back(self):
        """Deprecates the article's figure; the past still competes with it."""
        written = self.facts.Commit(CORRECTION)
        self.assertEqual(written.summary.revision, 2)
        self.assertEqual(self.facts.Commit(CORRECTION), written)
        now, before = self.revenue_of_a000(), self.revenue_of_a000(1)
        self.assertEqual((now.id, now.loss_rule),
                         ("rev-h1-a000-low", claim_pb2.LOSS_RULE_DEPRECATED))
        self.assertEqual((before.id, before.loss_rule),
                         ("rev-h1-a000", claim_pb2.LOSS_RULE_TIER))
        with self.assertRaises(grpc.RpcError) as caught:
            self.revenue_of_a000(99)
        self.assertEqual(caught.exception.code(),
                         grpc.StatusCode.FAILED_PRECONDITION)

    def members(self, key, revision=None):
        """Returns the keys of those that an entity is one with."""
        answer = self.graph.Get(graph_service_pb2.GetRequest(
            entity=key, options=at(revision)))
        return list(answer.entity.members)

    def commit(self, **statement):
        """Commits one operation and returns its revision."""
        return self.facts.Commit(fact_service_pb2.CommitRequest(
            operations=[statement_pb2.Operation(**statement)]
        )).summary.revision

    def merge_and_split(self):
        """Judges two entities to be one, and takes it back."""
        self.assertEqual(self.members("deepseek"), [])
        merged = self.commit(judgement=statement_pb2.JudgementStatement(
            judgement=statement_pb2.JUDGEMENT_SAME, first="cas",
            second="deepseek", tail=claim_pb2.ClaimTail(id="one", citations=[
                claim_pb2.Citation(source="a000", first_line=1)])))
        self.assertEqual(self.members("deepseek"), ["cas", "deepseek"])
        self.commit(retract=statement_pb2.RetractStatement(claim="one"))
        self.assertEqual(self.members("deepseek"), [])
        self.assertEqual(self.members("deepseek", merged), ["cas", "deepseek"])

    def move_to_another_server(self):
        """Exports in both formats; an empty server makes the same of each."""
        formats = {"graph.kg": fact_service_pb2.FILE_FORMAT_KG,
                   "graph.jsonl": fact_service_pb2.FILE_FORMAT_JSON_LINES}
        for name, file_format in formats.items():
            data = export(self.facts, file_format)
            self.assertIn(b"rev-h1-a000-low", data)
            with stubs.running_server() as server, \
                    grpc.insecure_channel(server.address) as channel:
                facts = fact_service_pb2_grpc.FactServiceStub(channel)
                *_, last = facts.Import(upload({name: data}))
                self.assertEqual(last.report.summary.revision, 1)
                self.assertEqual(export(facts, file_format), data)


if __name__ == "__main__":
    unittest.main()
