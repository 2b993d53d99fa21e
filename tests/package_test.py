#!/usr/bin/env python3
"""The Debian package: what is in it runs."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ["GUANXI_BUILD_FOLDER"])
PATIENCE_S = 300


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


class PackageTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="guanxi-package-")
        run("cpack", "--config", str(BUILD / "CPackConfig.cmake"), "-B",
            cls.folder.name)
        cls.package, = pathlib.Path(cls.folder.name).glob("*.deb")
        cls.root = pathlib.Path(cls.folder.name, "root")
        run("dpkg-deb", "-x", str(cls.package), str(cls.root))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_says_what_it_is_and_needs(self):
        said = run("dpkg-deb", "-f", str(self.package))
        self.assertRegex(said, r"(?m)^Package: guanxi$")
        self.assertRegex(said, r"(?m)^Depends: .*libgrpc\+\+.*liblmdb0")

    def test_the_unit_starts_what_is_there(self):
        unit = (self.root / "usr/lib/systemd/system/guanxid.service"
                ).read_text()
        program, = re.findall(r"(?m)^ExecStart=(\S+)", unit)
        self.assertTrue(os.access(self.root / program.lstrip("/"), os.X_OK))
        options, = re.findall(r"(?m)^EnvironmentFile=-(\S+)", unit)
        self.assertTrue((self.root / options.lstrip("/")).exists())

    def test_its_server_answers_its_command_line(self):
        data = pathlib.Path(self.folder.name, "data")
        server = subprocess.Popen(
            [self.root / "usr/bin/guanxid", "--data", data, "--listen",
             "127.0.0.1:0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        try:
            with server.stdout as stdout:
                address = stdout.readline().split()[-1]
            cli = [str(self.root / "usr/bin/guanxi"), "--server", address]
            run(*cli, "load", str(ROOT / "tests/client/arbor.kg"))
            self.assertIn("arbor", run(*cli, "get", "arbor"))
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(PATIENCE_S)
        self.assertEqual(code, 0)


if __name__ == "__main__":
    sys.exit(unittest.main())
