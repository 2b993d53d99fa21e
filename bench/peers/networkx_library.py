#!/usr/bin/env python3
"""NetworkX, which keeps the graph in memory, in dicts of Python."""
import math
import sys

import protocol

try:
    import networkx
except ImportError as missing:
    protocol.tell(missing=str(missing))
    sys.exit()


def or_no_path(find):
    """Makes of the error that there is no path an answer."""
    def found(*entities):
        try:
            return (find(*entities),)
        except networkx.NetworkXNoPath:
            return protocol.NO_PATH
    return found


class Peer:
    """The graph; a relationship's number is its key among parallel ones."""

    def __init__(self):
        self.graph = networkx.MultiDiGraph()

    def load(self):
        for row in protocol.rows_of("entities.csv"):
            self.graph.add_node(row["id"], key=row["key"], kind=row["kind"],
                                year=row["year"])
        for row in protocol.rows_of("relationships.csv"):
            self.graph.add_edge(row["subject"], row["object"], row["id"],
                                type=row["type"], weight=row["weight"])

    def one_hop(self, a):
        nodes = self.graph.nodes
        return protocol.sum_up(
            (nodes[b]["key"], nodes[b]["kind"], nodes[b]["year"],
             related["type"], related["weight"])
            for _, b, related in self.graph.out_edges(a, data=True))

    def within(self, a, depth):
        return (len(networkx.single_source_shortest_path_length(
            self.graph, a, cutoff=depth)) - 1,)

    def filtered_2(self, a):
        def follow(entity):
            return (b for _, b, type_ in self.graph.out_edges(
                entity, data="type") if type_ == 0)
        ends = []
        for middle in follow(a):
            for end in follow(middle):
                traits = self.graph.nodes[end]
                if traits["year"] >= 2000 and traits["kind"] == "KIND_1":
                    ends.append(end)
        return len(ends), len(set(ends))

    def paths_4(self, a, b):
        return (sum(1 for _ in networkx.all_simple_edge_paths(
            self.graph, a, b, cutoff=4)),)

    def trails_4(self, a):
        def count(entity, taken):
            found = 0
            for _, b, i in self.graph.out_edges(entity, keys=True):
                if i not in taken:
                    found += 1
                    if len(taken) < 3:
                        found += count(b, taken + (i,))
            return found
        return (count(a, ()),)

    def reach(self, a):
        return (len(networkx.descendants(self.graph, a)),)

    def components(self):
        return (networkx.number_weakly_connected_components(self.graph),)

    def shortest(self, a, b):
        return networkx.shortest_path_length(self.graph, a, b)

    def all_shortest(self, a, b):
        """NetworkX lists entities; each step may be one of several."""
        try:
            return (sum(
                math.prod(map(self.graph.number_of_edges, path, path[1:]))
                for path in networkx.all_shortest_paths(self.graph, a, b)),)
        except networkx.NetworkXNoPath:
            return (0,)

    def cheapest(self, a, b):
        return networkx.bidirectional_dijkstra(self.graph, a, b)[0]


def main():
    peer = Peer()
    protocol.answer_questions(f"networkx {networkx.__version__}", peer.load, {
        "one_hop": peer.one_hop,
        "within_2": lambda a: peer.within(a, 2),
        "within_3": lambda a: peer.within(a, 3),
        "filtered_2": peer.filtered_2,
        "paths_4": peer.paths_4,
        "trails_4": peer.trails_4,
        "reach": peer.reach,
        "components": peer.components,
        "shortest": or_no_path(peer.shortest),
        "all_shortest": peer.all_shortest,
        "cheapest": or_no_path(peer.cheapest),
    })


if __name__ == "__main__":
    main()
