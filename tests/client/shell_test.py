#!/usr/bin/env python3
"""The shell of the CLI as a person has it: on a terminal.

What is typed is edited, completed, thrown away and remembered.
"""
import os
import pathlib
import pty
import re
import select
import stat
import subprocess
import sys
import tempfile
import termios
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SERVER = os.environ["GUANXI_SERVER_PROGRAM"]
CLI = os.environ["GUANXI_CLI_PROGRAM"]
PATIENCE_S = 30
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\r|\x07")
PROMPT = "guanxi> "
CTRL_C, CTRL_D, UP = "\x03", "\x04", "\x1b[A"


class Server:
    """guanxid on a folder of its own, with one small graph."""

    def __init__(self, folder):
        self.data = str(pathlib.Path(folder) / "data")
        self.process = subprocess.Popen(
            [SERVER, "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().split()[-1]
        subprocess.run([CLI, "--server", self.address, "load",
                        str(ROOT / "tests/client/arbor.kg")],
                       check=True, stdout=subprocess.DEVNULL)

    def end(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()


class Shell:
    """`guanxi shell` on a terminal of its own."""

    def __init__(self, address, history):
        environment = dict(os.environ, TERM="xterm", LANG="C.UTF-8",
                           GUANXI_HISTORY=history)
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(CLI, [CLI, "--server", address, "shell"], environment)
        self.seen = ""
        self.wait_for(PROMPT)

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def wait_for(self, text):
        """Returns what was shown up to this text, which is then forgotten."""
        end = time.monotonic() + PATIENCE_S
        while text not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                raise AssertionError(f"expected {text!r}, saw {self.seen!r}")
            try:
                shown = os.read(self.terminal, 65536)
            except OSError:  # the other end is closed
                raise AssertionError(
                    f"expected {text!r}, ended with {self.seen!r}") from None
            self.seen += ESCAPES.sub(b"", shown).decode(errors="replace")
        before, _, self.seen = self.seen.partition(text)
        if text == PROMPT:
            self.wait_until_edited(end)
        return before

    def wait_until_edited(self, end):
        """Waits until keys are keys: the prompt comes a little before that."""
        while termios.tcgetattr(self.terminal)[3] & termios.ICANON:
            if time.monotonic() > end:
                raise AssertionError("the line is not edited")
            time.sleep(0.001)

    def exit_code(self):
        """Waits for the end."""
        try:
            while os.read(self.terminal, 65536):
                pass
        except OSError:
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(status)


class ShellTest(unittest.TestCase):
    """One server for all tests, a shell for each."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="guanxi-shell-")
        cls.server = Server(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.server.end()
        cls.folder.cleanup()

    def setUp(self):
        self.history = str(
            pathlib.Path(self.folder.name) / f"history-{self.id()}")
        self.shell = Shell(self.server.address, self.history)

    def end(self):
        self.shell.type(CTRL_D)
        self.assertEqual(self.shell.exit_code(), 0)

    def test_commands_and_options_complete(self):
        self.shell.type("nei\t")
        self.shell.wait_for("neighbors ")
        self.shell.type("arbor --den\t\n")
        answer = self.shell.wait_for(PROMPT)
        self.assertIn("Mara Holm (mara)", answer)
        self.end()

    def test_keys_that_were_shown_complete(self):
        self.shell.type("neighbors arbor\n")
        self.shell.wait_for("Complete.")
        self.shell.wait_for(PROMPT)
        self.shell.type("get ma\t")
        self.shell.wait_for("mara")
        self.shell.type("\n")
        self.assertIn("Person", self.shell.wait_for(PROMPT))
        self.end()

    def test_ctrl_c_throws_the_line_away(self):
        self.shell.type("get nobody")
        self.shell.wait_for("nobody")
        self.shell.type(CTRL_C)
        self.shell.wait_for(PROMPT)
        self.shell.type("get arbor\n")
        answer = self.shell.wait_for(PROMPT)
        self.assertIn("Arbor Ltd", answer)
        self.assertNotIn("no entity", answer)
        self.end()

    def test_ctrl_c_on_an_empty_line_ends_nothing(self):
        self.shell.type(CTRL_C)
        self.shell.wait_for(PROMPT)
        self.shell.type("get arbor\n")
        self.assertIn("Arbor Ltd", self.shell.wait_for(PROMPT))
        self.end()

    def test_lines_are_remembered(self):
        self.shell.type("get nobody\n")
        self.shell.wait_for("no entity has the key")
        self.shell.wait_for(PROMPT)
        self.end()
        self.assertEqual(stat.S_IMODE(os.stat(self.history).st_mode), 0o600)
        self.shell = Shell(self.server.address, self.history)
        self.shell.type(UP + "\n")
        self.shell.wait_for("no entity has the key")
        self.shell.wait_for(PROMPT)
        self.shell.type("exit\n")
        self.assertEqual(self.shell.exit_code(), 0)

    def test_scripts_end_with_the_largest_code(self):
        ended = subprocess.run(
            [CLI, "--server", self.server.address, "shell"],
            input="get arbor\nget nobody\n", text=True, capture_output=True,
            timeout=PATIENCE_S, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("Arbor Ltd", ended.stdout)
        self.assertNotIn(PROMPT, ended.stdout)
        self.end()

    def test_bash_completes(self):
        words = ("source <(\"$0\" completion bash); "
                 "COMP_WORDS=(guanxi {}); COMP_CWORD={}; _guanxi; "
                 "echo \"${{COMPREPLY[@]}}\"")
        for typed, at, expected in (("nei", 1, "neighbors"),
                                    ("get --cer", 2, "--certain"),
                                    ("commit purge-c", 2, "purge-claim"),
                                    ("commit end --auth", 3, "--author"),
                                    ("--form", 1, "--format")):
            shown = subprocess.run(
                ["bash", "-c", words.format(typed, at), CLI], text=True,
                capture_output=True, timeout=PATIENCE_S, check=True)
            self.assertEqual(shown.stdout.strip(), expected)
        self.end()


if __name__ == "__main__":
    sys.exit(unittest.main())
