#!/usr/bin/env python3
"""igraph, which keeps the graph in memory. What it has no function for is a
loop over its lists.
"""
import collections
import math
import sys

import protocol

try:
    import igraph
except ImportError as missing:
    protocol.tell(missing=str(missing))
    sys.exit()


class Peer:
    """The graph, and properties as lists by the number of what has them."""

    def load(self):
        entities = list(protocol.rows_of("entities.csv"))
        rows = list(protocol.rows_of("relationships.csv"))
        pairs = [(row["subject"], row["object"]) for row in rows]
        self.parallel = collections.Counter(pairs)
        self.graph = igraph.Graph(n=len(entities), directed=True, edges=pairs)
        for name in ("key", "kind", "year"):
            self.graph.vs[name] = [entity[name] for entity in entities]
        for name in ("type", "weight"):
            self.graph.es[name] = [row[name] for row in rows]
        self.objects = [row["object"] for row in rows]
        self.types = self.graph.es["type"]
        self.kinds = self.graph.vs["kind"]
        self.years = self.graph.vs["year"]

    def one_hop(self, a):
        edges = self.graph.es[self.graph.incident(a, mode="out")]
        ends = self.graph.vs[[self.objects[i] for i in edges.indices]]
        return protocol.sum_up(zip(ends["key"], ends["kind"], ends["year"],
                                   edges["type"], edges["weight"]))

    def within(self, a, depth):
        return (self.graph.neighborhood_size(a, order=depth, mode="out",
                                             mindist=1),)

    def filtered_2(self, a):
        ends = []
        for i in self.graph.incident(a, mode="out"):
            if self.types[i] == 0:
                ends += [self.objects[j] for j in self.graph.incident(
                    self.objects[i], mode="out") if self.types[j] == 0]
        ends = [end for end in ends
                if self.years[end] >= 2000 and self.kinds[end] == "KIND_1"]
        return len(ends), len(set(ends))

    def paths_4(self, a, b):
        """igraph lists entities; each step may be one of several."""
        paths = self.graph.get_all_simple_paths(a, to=b, cutoff=4, mode="out")
        return (sum(math.prod(map(self.parallel.get, zip(path, path[1:])))
                    for path in paths),)

    def trails_4(self, a):
        def count(entity, taken):
            found = 0
            for i in self.graph.incident(entity, mode="out"):
                if i not in taken:
                    found += 1
                    if len(taken) < 3:
                        found += count(self.objects[i], taken + (i,))
            return found
        return (count(a, ()),)

    def reach(self, a):
        return (len(self.graph.subcomponent(a, mode="out")) - 1,)

    def components(self):
        return (len(self.graph.connected_components(mode="weak")),)

    def distance(self, a, b, weights):
        found = self.graph.distances(a, b, weights=weights, mode="out")[0][0]
        return protocol.NO_PATH if math.isinf(found) else (int(found),)

    def all_shortest(self, a, b):
        return (len(self.graph.get_all_shortest_paths(a, to=b, mode="out")),)


def main():
    peer = Peer()
    protocol.answer_questions(f"igraph {igraph.__version__}", peer.load, {
        "one_hop": peer.one_hop,
        "within_2": lambda a: peer.within(a, 2),
        "within_3": lambda a: peer.within(a, 3),
        "filtered_2": peer.filtered_2,
        "paths_4": peer.paths_4,
        "trails_4": peer.trails_4,
        "reach": peer.reach,
        "components": peer.components,
        "shortest": lambda a, b: peer.distance(a, b, None),
        "all_shortest": peer.all_shortest,
        "cheapest": lambda a, b: peer.distance(a, b, "weight"),
    })


if __name__ == "__main__":
    main()
