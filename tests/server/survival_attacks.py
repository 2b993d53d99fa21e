"""The attacks of survival_test.py, each with what it must come to."""
import collections
import contextlib
import dataclasses
import os
import resource
import threading
import time

import http2
import survival_arena as arena

LONG = bool(os.environ.get("GUANXI_TEST_LONG"))
# Shorter ones are repeated, so that bystanders have something to measure.
ATTACK_S = 2 if LONG else 1
MANY = 16  # searches at a time, each with the largest budget


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How large the attacks are."""

    hub: int = 5_000
    entity: int = 20_000
    search_s: int = 2
    searches: int = 32
    waves: int = 2
    wave: int = 50
    crowd: int = 160
    readers: int = 4
    # A client that reads one message in `slow_s` is too slow, one that reads
    # one in `steady_s` is not, and is served until its deadline. It must be
    # much less than `stall_s`: several small messages may lie in stock.
    stall_s: int = 4
    slow_s: int = 5
    steady_s: float = 0.2
    steady_deadline_s: int = 8
    idle: int = 500
    idle_rounds: int = 1
    idle_s: int = 5
    messages: int = 2  # times 8 at once
    repeats: int = 3
    cancel_after_s: float = 0.03
    flags: tuple = ("--max-stall-ms", "4000", "--max-idle-ms", "5000",
                    "--default-entities", "5000", "--default-results", "2000")


# With the settings as they are by default.
FULL = Sizes(hub=100_000, entity=1_000_000, search_s=30, searches=128, waves=8,
             wave=125, crowd=1_000, readers=20, stall_s=60, slow_s=65,
             steady_s=5, steady_deadline_s=300, idle=2_000, idle_rounds=3,
             idle_s=120, messages=5, repeats=10, cancel_after_s=0.2, flags=())

SIZES = FULL if LONG else Sizes()

ATTACKS = {}


def attack(name, growth="growth_mb", p99="p99_ms"):
    """Adds a function to the attacks: of a victim, returns its outcome."""
    def add(function):
        ATTACKS[name] = (function, growth, p99)
        return function
    return add


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def agree(answers, *allowed):
    """Returns what the answers are, which must be among the allowed."""
    kinds = collections.Counter(str(answer) for answer in answers)
    for kind in kinds:
        check(kind in allowed, f"{kind}, and not {' or '.join(allowed)}")
    return ", ".join(sorted(kinds))


def for_a_while(work):
    """Works until bystanders had time; returns the last result."""
    end = time.monotonic() + ATTACK_S
    while True:
        result = work()
        if time.monotonic() > end:
            return result


def ask_at_once(victim, count, method, request, timeout_s=arena.PATIENCE_S):
    """Asks the same from so many connections."""
    def one(_):
        with victim.client("attacker") as client:
            return client.ask(method, request, timeout_s)
    return arena.at_once(count, one)


def load(victim):
    """A small entity, a complete graph, two hubs apart, and a large entity."""
    calm = [f"({arena.SMALL} :Company)"]
    for i in range(3):
        calm += [f"(calm{i} :Company)",
                 f"({arena.SMALL})-[:SUPPLIES]->(calm{i})"]
    for i in range(arena.CLIQUE):
        calm.append(f"(k{i} :Company)")
        calm += [f"(k{i})-[:SUPPLIES]->(k{j})" for j in range(i)]
    with victim.client("loader") as loader:
        loader.load(calm)
        for hub in ("hub0", "hub1"):
            loader.load(star(hub, hub, range(SIZES.hub)))
        step = 100_000  # an import takes 500,000 claims and 64 MiB
        for start in range(0, SIZES.entity, step):
            end = min(start + step, SIZES.entity)
            loader.load(star(arena.BIG, "leaf", range(start, end)))


def star(center, leaf, numbers):
    lines = [f"({center} :Company)"]
    for number in numbers:
        lines += [f"({leaf}-{number} :Company)",
                  f"({center})-[:SUPPLIES]->({leaf}-{number})"]
    return lines


def warm_up(victim):
    """Asks until the graph is in memory, so that this is no attack's doing."""
    request = victim.api.with_most(
        victim.api.reads.NeighbourhoodRequest(entity=arena.BIG))
    ask_at_once(victim, 4, "Neighbourhood", request)
    ask_at_once(victim, 1, "FindComponents", victim.api.with_most(
        victim.api.reads.FindComponentsRequest()))


@attack("nothing, for comparison")
def rest(_):
    time.sleep(ATTACK_S)
    return "-"


@attack("all paths of K50")
def paths_of_clique(victim):
    return for_a_while(lambda: agree(
        ask_at_once(victim, 4, "FindPaths", victim.api.clique_paths()),
        "TRUNCATED MAX_RESULTS"))


@attack("all paths of K50, largest budget")
def most_paths_of_clique(victim):
    answers = ask_at_once(
        victim, 4, "FindPaths", victim.api.with_most(victim.api.clique_paths()),
        SIZES.search_s)
    return agree(answers, "TRUNCATED DEADLINE", "TRUNCATED MAX_RESULTS")


@attack("all paths of K50, counted")
def count_paths_of_clique(victim):
    request = victim.api.with_most(victim.api.clique_paths(counts_only=True))
    answers = ask_at_once(victim, 4, "FindPaths", request, SIZES.search_s)
    return agree(answers, "TRUNCATED DEADLINE", "TRUNCATED MAX_RELATIONSHIPS")


@attack("as many searches as one caller may have", "growth_of_many_mb",
        "p99_of_crowd_ms")
def all_calls_of_one_caller(victim):
    request = victim.api.with_most(victim.api.clique_paths(counts_only=True))
    answers = ask_at_once(victim, SIZES.searches, "FindPaths", request,
                          SIZES.search_s)
    return agree(answers, "TRUNCATED DEADLINE")


@attack("no path between hubs")
def no_path(victim):
    request = victim.api.reads.FindPathsRequest(from_entity="hub0",
                                                to_entity="hub1")
    return for_a_while(lambda: agree(
        ask_at_once(victim, 4, "FindPaths", request), "TRUNCATED MAX_ENTITIES"))


@attack("no path between hubs, largest budget")
def proven_none(victim):
    request = victim.api.with_most(victim.api.reads.FindPathsRequest(
        from_entity="hub0", to_entity="hub1"))
    return for_a_while(lambda: agree(
        ask_at_once(victim, 4, "FindPaths", request), "PROVEN_NONE"))


@attack("large entity")
def large_entity(victim):
    request = victim.api.reads.NeighbourhoodRequest(entity=arena.BIG)
    return for_a_while(lambda: agree(
        ask_at_once(victim, 4, "Neighbourhood", request),
        "TRUNCATED MAX_RESULTS"))


@attack("claims and history of a large entity")
def claims_of_large_entity(victim):
    api = victim.api
    requests = {"ListClaims": api.reads.ListClaimsRequest(
        entity=arena.BIG, name="SUPPLIES")}
    if LONG:  # this limit is fixed: 100,000
        requests["History"] = api.changes.HistoryRequest(
            entity=arena.BIG, name="SUPPLIES")
    answers = []
    for_a_while(lambda: [answers.extend(ask_at_once(victim, 4, method, request))
                         for method, request in requests.items()])
    return agree(answers, "RESOURCE_EXHAUSTED [TOO_MANY_RELATIONSHIPS]")


@attack(f"large entity, largest budget, {MANY} at once", "growth_of_many_mb")
def whole_large_entity(victim):
    api = victim.api
    around = api.with_most(api.reads.NeighbourhoodRequest(entity=arena.BIG))
    reach = api.with_most(api.reads.ReachRequest(entities=[arena.BIG]))

    def one(number):
        with victim.client("attacker") as client:
            if number % 2:
                return client.ask("Reach", reach, 5 * arena.PATIENCE_S)
            return client.ask("Neighbourhood", around, 5 * arena.PATIENCE_S)
    answers = arena.at_once(MANY, one)
    for answer in answers:
        check(answer.results >= SIZES.entity, f"{answer.results} results")
    return agree(answers, "COMPLETE")


class Reader(threading.Thread):
    """A client that takes one message of a large answer in so many seconds."""

    def __init__(self, victim, name, pause_s, deadline_s):
        super().__init__(daemon=True)
        self.victim, self.caller = victim, name
        self.pause_s, self.deadline_s = pause_s, deadline_s
        self.in_haste = threading.Event()
        self.answer = arena.Answer("OK")
        self.start()

    def run(self):
        api = self.victim.api
        request = api.with_most(api.clique_paths())
        with self.victim.client(self.caller, arena.WITHOUT_STOCK) as client:
            try:
                for message in client.begin("FindPaths", request,
                                            self.deadline_s):
                    client.take(message, self.answer)
                    self.in_haste.wait(self.pause_s)
            except api.grpc.RpcError as error:
                self.answer = arena.Answer(error.code().name,
                                           arena.reason_of(error))


@attack("readers of one message in a long time")
def slow_readers(victim):
    since, start = len(victim.log), time.monotonic()
    slow = [Reader(victim, "reader", SIZES.slow_s, 10 * SIZES.steady_deadline_s)
            for _ in range(SIZES.readers)]
    steady = [Reader(victim, "steady", SIZES.steady_s, SIZES.steady_deadline_s)
              for _ in range(SIZES.readers)]
    patience_s = 2 * SIZES.steady_deadline_s
    for caller in ("reader", "steady"):
        victim.wait_for(
            f"the ends of {caller}", lambda caller=caller: len(
                victim.ends_of(caller, since)) >= SIZES.readers, patience_s)
    for reader in slow + steady:  # what was on its way to them is read up
        reader.in_haste.set()
        reader.join()
    ends = {caller: [when for when, line in victim.ends_of(caller, since)]
            for caller in ("reader", "steady")}
    first, last = min(ends["reader"]) - start, max(ends["reader"]) - start
    check(first >= SIZES.stall_s, f"a slow reader cut off after {first:.1f} s")
    check(last < SIZES.stall_s + 2 * SIZES.slow_s,
          f"a slow reader cut off only after {last:.1f} s")
    served = min(ends["steady"]) - start
    # A search ends that much before its deadline, so that its answer arrives.
    kept_back_s = min(SIZES.steady_deadline_s / 5, 2)
    check(served > SIZES.steady_deadline_s - kept_back_s - 0.5,
          f"a steady reader cut off after {served:.1f} s")
    cut = agree([reader.answer for reader in slow], "CANCELLED")
    whole = agree([reader.answer for reader in steady], "TRUNCATED DEADLINE",
                  "DEADLINE_EXCEEDED", "CANCELLED")
    return f"{cut} after {last:.0f} s; steady ones {whole} after {served:.0f} s"


@attack("clients that vanish", "growth_of_many_mb", "p99_of_crowd_ms")
def vanishing(victim):
    slowest = 0
    for _ in range(SIZES.waves):
        since = len(victim.log)
        with victim.crowd(SIZES.wave) as crowd:
            went = crowd.wait()
            check(went == {"streaming": SIZES.wave}, f"a wave began as {went}")
            check(not victim.ends_of("crowd", since), "calls ended before")
            gone = time.monotonic()
            crowd.vanish()
        victim.wait_for("the calls of a wave", lambda since=since: len(
            victim.ends_of("crowd", since)) >= SIZES.wave)
        slowest = max(slowest, time.monotonic() - gone)
        for _, line in victim.ends_of("crowd", since):
            check("code=CANCELLED" in line, line)
    check(slowest < SIZES.stall_s, f"noticed only after {slowest:.1f} s")
    return (f"{SIZES.waves} x {SIZES.wave} CANCELLED within "
            f"{slowest * 1000:.0f} ms")


@attack("more clients than one caller may have", "growth_of_many_mb",
        "p99_of_crowd_ms")
def crowd_of_one_caller(victim):
    most = 128  # max_client_calls
    parts = 4
    since = len(victim.log)
    with contextlib.ExitStack() as all_of_them:
        crowds = [all_of_them.enter_context(victim.crowd(SIZES.crowd // parts))
                  for _ in range(parts)]
        went = sum((crowd.wait() for crowd in crowds), collections.Counter())
    refused = went["TOO_MANY_CALLS_OF_CLIENT"]
    check(set(went) == {"streaming", "TOO_MANY_CALLS_OF_CLIENT"}, f"{went}")
    # A reader that was cut off meanwhile makes room for another one.
    check(most <= went["streaming"] and refused > 0, f"{went}")
    victim.wait_for("the calls of the crowd", lambda: len(
        victim.ends_of("crowd", since)) >= SIZES.crowd)
    return (f"{refused} of {SIZES.crowd} RESOURCE_EXHAUSTED "
            "[TOO_MANY_CALLS_OF_CLIENT]")


@attack("8 messages of 100 MB at once", "growth_of_wire_mb")
def large_messages(victim):
    api, senders = victim.api, 8
    message = bytes(100 << 20)

    def one(_):
        with victim.client("attacker") as client:
            call = client.channel.unary_unary("/guanxi.v1.GraphService/Get")
            try:
                call(message, metadata=client.metadata,
                     timeout=arena.PATIENCE_S)
                return "OK"
            except api.grpc.RpcError as error:
                return error.code().name
    for _ in range(SIZES.messages):
        went = arena.at_once(senders, one)
        check(set(went) == {"RESOURCE_EXHAUSTED"}, f"{went}")
    return "RESOURCE_EXHAUSTED"


@attack("idle connections")
def idle_connections(victim):
    for last in [False] * (SIZES.idle_rounds - 1) + [True]:
        open_before = victim.descriptors()
        with contextlib.ExitStack() as open_ones:
            silent = [open_ones.enter_context(victim.connect())
                      for _ in range(SIZES.idle)]
            for connection in silent[::4]:
                connection.sendall(http2.HELLO)
            victim.wait_for("the connections",
                            lambda: victim.taken(silent) == SIZES.idle)
            if last:  # those that said nothing at all are closed by the server
                victim.wait_for(
                    "their end", lambda: victim.descriptors()
                    <= open_before + SIZES.idle // 4, 2 * SIZES.idle_s)
        victim.wait_for("them to be forgotten",
                        lambda: victim.descriptors() <= open_before)
    return f"{SIZES.idle} held, the silent ones closed after {SIZES.idle_s} s"


@attack("heavy searches that are cancelled")
def cancelling(victim):
    api = victim.api
    searches = [
        ("FindPaths", api.clique_paths()),
        ("FindPaths", api.clique_paths(counts_only=True)),
        ("FindPaths", api.reads.FindPathsRequest(
            from_entity="hub0", to_anywhere=True, max_length=4,
            mode=api.reads.PATH_MODE_ALL)),
        ("Neighbourhood", api.reads.NeighbourhoodRequest(entity=arena.BIG)),
    ]
    took_ms = []
    for method, request in searches:
        api.with_most(request)
        took = [cancel_one(victim, method, request)
                for _ in range(SIZES.repeats)]
        took_ms += [ms for ms in took if ms is not None]
        check(any(took), f"no {method} was still at work when cancelled")
    worst_ms = max(took_ms)
    check(worst_ms < victim.bounds.cancel_ms,
          f"a cancelled search went on for {worst_ms:.0f} ms")
    return f"{len(took_ms)} CANCELLED, over after {worst_ms:.0f} ms at most"


def cancel_one(victim, method, request):
    """Returns how many ms a call goes on when cancelled; None: it was over."""
    since = len(victim.log)
    with victim.client("attacker") as client:
        call = client.begin(method, request)

        def read_up():
            with contextlib.suppress(victim.api.grpc.RpcError):
                collections.deque(call, maxlen=0)
        reader = threading.Thread(target=read_up)
        reader.start()
        reader.join(SIZES.cancel_after_s)
        at = time.monotonic()
        call.cancel()
        reader.join()
        victim.wait_for("a cancelled call",
                        lambda: victim.ends_of("attacker", since))
    when, line = victim.ends_of("attacker", since)[0]
    return (when - at) * 1000 if "code=CANCELLED" in line else None


@attack("no descriptors left")
def no_descriptors(victim):
    least = 256
    resource.prlimit(victim.server.process.pid, resource.RLIMIT_NOFILE,
                     (least, least))
    with contextlib.ExitStack() as open_ones:
        for _ in range(2 * least):
            open_ones.enter_context(victim.connect())
        victim.wait_for("them to be taken",
                        lambda: victim.descriptors() > least - 10)
        time.sleep(ATTACK_S)
    return f"{2 * least} connections held"


@attack("answers nobody takes")
def unread_answers(victim):
    bursts, calls = 8, 150  # more in all than there are threads for calls
    call_all = b"".join(
        http2.call(stream, "/guanxi.v1.GraphService/GetSchema",
                   authorization="Bearer " + victim.tokens["attacker"])
        + http2.empty_request(stream) for stream in range(1, 2 * calls, 2))
    with contextlib.ExitStack() as open_ones:
        for _ in range(bursts):
            connection = open_ones.enter_context(victim.connect())
            connection.sendall(http2.HELLO_WITHOUT_WINDOW + call_all)
            time.sleep(ATTACK_S / 4)
    return f"{bursts} x {calls} calls held"


# On servers of their own: what they may break is not to be seen elsewhere.
OWN_SERVER = {
    "no descriptors left": (),
    "answers nobody takes": ("--max-calls", "16", "--max-client-calls", "8"),
}
