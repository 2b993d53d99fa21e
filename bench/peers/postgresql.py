#!/usr/bin/env python3
"""PostgreSQL: a server of our own for as long as this runs, asked over a free
port of the loopback interface.

CPU time is that of the driver and of the process that serves it. Like other SQL
it has no paths of its own: what takes them is a recursive query, or joins.
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import protocol

try:
    import psycopg2
except ImportError as missing:
    protocol.tell(missing=str(missing))
    sys.exit()

START_TIMEOUT_S = 30
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "jit": "off",  # costs more than it saves in questions of milliseconds
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_generic_plan",  # else it plans each time anew
    "statement_timeout": f"{protocol.QUESTION_LIMIT_S}s",
}

SCHEMA = """
    CREATE TABLE entity(id bigint PRIMARY KEY, key text, kind text,
                        year bigint);
    CREATE TABLE relationship(id bigint, subject bigint, object bigint,
                              type bigint, weight bigint)"""
# Each holds all that is asked of a relationship.
INDEXES = (
    "CREATE INDEX ON relationship(subject, type) INCLUDE (object, weight, id)",
    "CREATE INDEX ON relationship(object, type) INCLUDE (subject, weight, id)",
    "VACUUM ANALYZE",
)


def programs():
    """The folder of the newest server that is installed."""
    found = pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return max((path.parent for path in found), default=None,
               key=lambda path: int(path.parent.name))


def as_its_user(*command):
    """The server refuses to be run by root."""
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
            "--pdeathsig=INT", *command]


@contextlib.contextmanager
def running_server(folder):
    """Makes a cluster in a new folder and yields a connection to it."""
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    subprocess.run(
        as_its_user(programs() / "initdb", "-D", data, "-U", "postgres",
                    "-A", "trust", "-E", "UTF8", "--no-locale"),
        check=True, stdout=subprocess.DEVNULL, cwd="/")
    port = free_port()
    settings = [word for name, value in SETTINGS.items()
                for word in ("-c", f"{name}={value}")]
    with subprocess.Popen(
            as_its_user(programs() / "postgres", "-D", data, "-k", folder,
                        "-p", str(port), *settings),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/") as server:
        try:
            yield connect(port, server)
        finally:
            server.send_signal(signal.SIGINT)


def free_port():
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port, server):
    """Connects as soon as it can be."""
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            connection = psycopg2.connect(
                host="127.0.0.1", port=port, user="postgres", dbname="postgres")
            connection.autocommit = True
            return connection
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)


def load(cursor):
    cursor.execute(SCHEMA)
    cursor.execute("SET statement_timeout = 0")
    for table, name in (("entity", "entities.csv"),
                        ("relationship", "relationships.csv")):
        with open(protocol.FOLDER / name, encoding="utf-8") as file:
            cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)",
                               file)
    for text in INDEXES:
        cursor.execute(text)
    cursor.execute("RESET statement_timeout")


def statements():
    """Yields the name and the text of each question."""
    path = pathlib.Path(__file__).with_name("questions.sql")
    parts = re.split(r"^-- (\w+)\n", path.read_text(encoding="utf-8"),
                     flags=re.MULTILINE)[1:]
    return zip(parts[::2], parts[1::2])


def asker(cursor, question, text):
    """A function that asks a prepared question."""
    types = "bigint, bigint" if "$2" in text else "bigint"
    cursor.execute(f"PREPARE {question}({types}) AS {text}")

    def ask(*entities):
        cursor.execute(f"EXECUTE {question}({', '.join(map(str, entities))})")
        rows = cursor.fetchall()
        if question == "one_hop":
            return protocol.sum_up(rows)
        return tuple(map(int, rows[0])) if rows else protocol.NO_PATH
    return ask


def cpu_clock(pid):
    """A clock of the CPU time of this process and of another one."""
    path = pathlib.Path(f"/proc/{pid}/schedstat")
    return lambda: (time.process_time()
                    + int(path.read_text(encoding="ascii").split()[0]) / 1e9)


def main():
    if programs() is None:
        protocol.tell(missing="there is no /usr/lib/postgresql")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running_server(protocol.FOLDER / "postgresql") as connection:
        cursor = connection.cursor()
        asks = {}

        def load_and_prepare():
            load(cursor)
            for question, text in statements():
                asks[question] = asker(cursor, question, text)
        version = connection.server_version // 10000
        protocol.answer_questions(
            f"PostgreSQL {version}", load_and_prepare, asks,
            cpu_clock(connection.get_backend_pid()))


if __name__ == "__main__":
    main()
