#!/usr/bin/env python3
"""What is done to a store beside serving it: check, backup, restore, compact."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
import stubs  # noqa: E402

SERVER = os.environ["GUANXI_SERVER_PROGRAM"]
CLI = os.environ["GUANXI_CLI_PROGRAM"]
PATIENCE_S = 30


def run(*command):
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)


def start(folder):
    """Starts a server on the folder, with one small graph."""
    server = stubs.Server(folder)
    load = run(CLI, "--server", server.address, "load",
               str(HERE.parent / "client/arbor.kg"))
    assert load.returncode == 0, load.stderr
    return server


class CheckTest(unittest.TestCase):
    """guanxid check."""

    def test_checks_a_store_that_nobody_has_open(self):
        with tempfile.TemporaryDirectory(prefix="guanxi-check-") as folder:
            server = start(folder + "/data")
            busy = run(SERVER, "check", "--data", folder + "/data")
            server.end()
            sound = run(SERVER, "check", "--data", folder + "/data")
            none = run(SERVER, "check", "--data", folder + "/none")
            self.assertFalse(pathlib.Path(folder, "none").exists())
        self.assertEqual(busy.returncode, 2)
        self.assertEqual(sound.returncode, 0, sound.stdout)
        self.assertRegex(sound.stdout, r"^revision 1, \d+ rows: 0 violations")
        self.assertEqual(none.returncode, 2)


class BackupTest(unittest.TestCase):
    """guanxi backup, guanxid restore and guanxid compact."""

    def test_a_backup_of_a_running_server_becomes_a_store(self):
        with tempfile.TemporaryDirectory(prefix="guanxi-backup-") as folder:
            server = start(folder + "/data")
            backup = folder + "/monday.guanxi"
            cli = [CLI, "--server", server.address, "backup", backup]
            made, again = run(*cli), run(*cli)
            restore = [SERVER, "restore", backup, "--data", folder + "/new"]
            restored, twice = run(*restore), run(*restore)
            missing = run(SERVER, "restore", folder + "/missing", "--data",
                          folder + "/other")
            server.end()
            compacted = run(SERVER, "compact", "--data", folder + "/data")
            checked = run(SERVER, "check", "--data", folder + "/new")
            digest = hashlib.sha256(pathlib.Path(backup).read_bytes())
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertRegex(made.stdout, r"^Revision 1, \d+ bytes\nsha256 ")
        self.assertIn(digest.hexdigest(), made.stdout)
        self.assertEqual(again.returncode, 2)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertEqual(missing.returncode, 2)
        self.assertIn("No such file", missing.stderr)
        self.assertEqual(twice.returncode, 2)
        self.assertIn("already", twice.stderr)
        self.assertEqual(checked.stdout, restored.stdout)
        self.assertEqual(compacted.returncode, 0, compacted.stderr)
        self.assertRegex(compacted.stdout, r"^\d+ bytes before, \d+ after\n")


if __name__ == "__main__":
    sys.exit(unittest.main())
