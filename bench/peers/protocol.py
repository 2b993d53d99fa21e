"""What drivers in Python share: how one is started and what it writes
(bench/peer_run.h).
"""
import csv
import json
import pathlib
import signal
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])
QUESTION_LIMIT_S = int(sys.argv[2])
NO_PATH = (-1,)


class OutOfTime(Exception):
    """A question has used up its time."""


def tell(**line):
    """Writes one line of the driver."""
    print(json.dumps(line), flush=True)


def rows_of(name):
    """Yields the rows of a CSV file as dicts; what looks like a number is."""
    with open(FOLDER / name, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {key: int(cell) if cell.isdigit() else cell
                   for key, cell in row.items()}


def sum_up(rows):
    """Returns the answer to one_hop of (key, kind, year, type, weight)."""
    count, total = 0, 0
    for key, kind, year, type_, weight in rows:
        kind_number = int(kind.removeprefix("KIND_"))
        total += ((int(key.removeprefix("e")) + 1) * (type_ + 1) * weight
                  + year * (kind_number + 1))
        count += 1
    return count, total


def raise_out_of_time(*_):
    """Ends a question, as the handler of its alarm."""
    raise OutOfTime(f"not done within {QUESTION_LIMIT_S} s")


def ask_all(question, ask, inputs, cpu_seconds):
    """Asks a question for each input, as long as there is time."""
    ask(*inputs[0])
    end = time.monotonic() + QUESTION_LIMIT_S
    for entities in inputs:
        if time.monotonic() > end:
            return
        wall, cpu = time.perf_counter(), cpu_seconds()
        answer = ask(*entities)
        cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
        tell(question=question, answer=list(answer), wall_us=wall * 1e6,
             cpu_us=cpu * 1e6)


def answer_questions(version, load, asks, cpu_seconds=time.process_time):
    """Loads and answers: `asks` has for each question that the engine knows a
    function of the entities that returns numbers.
    """
    begin = time.monotonic()
    load()
    tell(version=version, load_s=time.monotonic() - begin, known=list(asks))
    signal.signal(signal.SIGALRM, raise_out_of_time)
    with open(FOLDER / "questions.jsonl", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    for line in lines:
        question = line["question"]
        if question not in asks:
            continue
        signal.alarm(2 * QUESTION_LIMIT_S)
        try:
            ask_all(question, asks[question], line["inputs"], cpu_seconds)
        except Exception as error:  # pylint: disable=broad-exception-caught
            tell(question=question, failure=str(error).split("\n", 1)[0])
        finally:
            signal.alarm(0)
    tell(done=True)
