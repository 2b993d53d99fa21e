#!/usr/bin/env python3
"""Attacks on a running server: it answers, says what it cut, and serves others.

One attack after the other, while bystanders ask small questions of their own.
Each must end as the documents say: TRUNCATED with its reason, or refused with
its code and reason. GUANXI_TEST_LONG takes the full sizes.

What is held to, measured from outside:

| bound                                          | release | with asan |
|------------------------------------------------|---------|-----------|
| memory (RssAnon) above that before the attack  |  512 MB |   1536 MB |
| the same, of 16 to 128 of the largest searches | 2048 MB |   4096 MB |
| the same, of large messages (max_wire_bytes)   | 1024 MB |   2048 MB |
| memory that is not given back, of one attack   |  512 MB |   1024 MB |
| memory that is not given back, of all together | 1024 MB |   2048 MB |
| p99 of what bystanders ask                     |  150 ms |   1000 ms |
| the same, while one caller makes 128 searches  | 1500 ms |   6000 ms |
| from a client's cancelling to the call's end   |  250 ms |   1000 ms |
| threads that stay                              |      16 |        16 |
"""
import collections
import dataclasses
import os
import pathlib
import resource
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import survival_arena as arena  # noqa: E402
import survival_attacks as attacks  # noqa: E402

BYSTANDERS = 2
LEAST_SAMPLES = 20


@dataclasses.dataclass(frozen=True)
class Bounds:
    """What is held to, as the table above says."""

    growth_mb: int = 512
    growth_of_many_mb: int = 2048
    growth_of_wire_mb: int = 1024
    left_mb: int = 512
    left_of_all_mb: int = 1024
    p99_ms: int = 150
    p99_of_crowd_ms: int = 1500
    cancel_ms: int = 250
    threads: int = 16
    back_to_rest_s: int = 15


WITH_ASAN = Bounds(growth_mb=1536, growth_of_many_mb=4096,
                   growth_of_wire_mb=2048, left_mb=1024,
                   left_of_all_mb=2048, p99_ms=1000, p99_of_crowd_ms=6000,
                   cancel_ms=1000, back_to_rest_s=30)


def p99_ms(calls):
    took = sorted(seconds for _, seconds, _ in calls)
    return took[min(len(took) - 1, int(0.99 * len(took)))] * 1000


@dataclasses.dataclass
class Row:
    """What came of one attack."""

    name: str
    outcome: str = ""
    before_mb: int = 0
    peak_mb: int = 0
    after_mb: int = 0
    p99_ms: float = 0
    calls: int = 0
    took_s: float = 0
    wrong: list = dataclasses.field(default_factory=list)

    def __str__(self):
        return (f"| {self.name} | {self.outcome} | {self.before_mb} "
                f"| {self.peak_mb} | {self.after_mb} | {self.p99_ms:.1f} "
                f"| {self.calls} | {self.took_s:.1f} |")


HEADER = """\
| attack | outcome | MB before | peak | after | p99, ms | calls | s |
|---|---|---|---|---|---|---|---|"""


def run_attack(victim, name):
    """Attacks, and says what was not as it must be."""
    function, growth, p99 = attacks.ATTACKS[name]
    row = Row(name, before_mb=victim.memory_mb())
    threads = victim.status("Threads")
    victim.peak, start = 0, time.monotonic()
    try:
        row.outcome = function(victim)
    except AssertionError as error:
        row.outcome = "FAILED"
        row.wrong.append(str(error))
    end = time.monotonic()
    row.took_s, row.peak_mb = end - start, victim.peak
    look_at_bystanders(victim, row, (start, end), getattr(victim.bounds, p99))
    most = getattr(victim.bounds, growth)
    if row.peak_mb > row.before_mb + most:
        row.wrong.append(f"memory grew by more than {most} MB")
    row.wrong += what_stays(victim, row, threads)
    return row


def look_at_bystanders(victim, row, span, most_ms):
    calls = [call for bystander in victim.bystanders
             for call in bystander.during(*span)]
    row.calls = len(calls)
    errors = collections.Counter(error for *_, error in calls if error)
    for error, count in errors.items():
        row.wrong.append(f"{count} calls of bystanders ended with {error}")
    if len(calls) < LEAST_SAMPLES:
        row.wrong.append(f"bystanders made {len(calls)} calls only")
        return
    row.p99_ms = p99_ms(calls)
    if row.p99_ms > most_ms:
        row.wrong.append(f"p99 of bystanders over {most_ms} ms")


def what_stays(victim, row, threads):
    """Whether the server is as it was before; what is not so."""
    wrong = []
    bounds, api = victim.bounds, victim.api
    with victim.client("loader") as fresh:
        for method, request in [
                ("Get", api.reads.GetRequest(entity=arena.SMALL)),
                ("Neighbourhood",
                 api.reads.NeighbourhoodRequest(entity=arena.SMALL))]:
            answer = fresh.ask(method, request, bounds.back_to_rest_s)
            if answer.code != "OK":
                wrong.append(f"a new client's {method} ended with {answer}")
    for what, is_so in [
            (f"memory to come back to {bounds.left_mb} MB more than before",
             lambda: victim.memory_mb() <= row.before_mb + bounds.left_mb),
            (f"threads to come back from {victim.status('Threads')}",
             lambda: victim.status("Threads") <= threads + bounds.threads)]:
        try:
            victim.wait_for(what, is_so, bounds.back_to_rest_s)
        except AssertionError as error:
            wrong.append(str(error))
    row.after_mb = victim.memory_mb()
    return wrong


def tell(row):
    """Prints a row; returns whether it is as it is to be."""
    print(row, flush=True)
    for wrong in row.wrong:
        print(f"    WRONG: {wrong}", flush=True)
    return not row.wrong


def run_on_own_server(api, folder, bounds, name):
    victim = arena.Victim(api, folder, bounds,
                          attacks.OWN_SERVER[name])
    try:
        with victim.client("loader") as loader:
            loader.load(attacks.star(arena.SMALL, "calm", range(3)))
        victim.add_bystanders(BYSTANDERS)
        return tell(run_attack(victim, name))
    finally:
        victim.kill()


def run_on_one_server(api, folder, bounds, names):
    """All the others, one after the other: what they leave adds up."""
    victim = arena.Victim(api, folder, bounds,
                          attacks.SIZES.flags)
    sound = True
    try:
        attacks.load(victim)
        attacks.warm_up(victim)
        victim.add_bystanders(BYSTANDERS)
        rest_mb = victim.memory_mb()
        for name in names:
            sound &= tell(run_attack(victim, name))
        left_mb = victim.memory_mb() - rest_mb
        print(f"Memory at rest {rest_mb} MB; {left_mb} MB more in the end.")
        if left_mb > victim.bounds.left_of_all_mb:
            print(f"WRONG: that is more than {victim.bounds.left_of_all_mb} MB")
            sound = False
        if victim.end() != 0:
            print("WRONG: the server did not end as told")
            sound = False
    finally:
        victim.kill()
    return sound


def has_asan():
    program = pathlib.Path(os.environ["GUANXI_SERVER_PROGRAM"])
    return b"__asan_init" in program.read_bytes()


def main():
    bounds = WITH_ASAN if has_asan() else Bounds()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sound = True
    with tempfile.TemporaryDirectory(prefix="guanxi-survival-") as folder:
        api = arena.Api(folder + "/stubs")
        only = sys.argv[1:] or list(attacks.ATTACKS)
        print(HEADER, flush=True)
        shared = [name for name in only if name not in attacks.OWN_SERVER]
        if shared:
            sound &= run_on_one_server(api, folder + "/all", bounds,
                                       shared)
        for number, name in enumerate(attacks.OWN_SERVER):
            if name in only:
                sound &= run_on_own_server(api, f"{folder}/{number}",
                                           bounds, name)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
