"""What a Python client needs: stubs made from the proto files, and a server.

The stubs are generated into a temporary folder by protoc and the plugin that
Debian's protobuf-compiler-grpc brings. google/rpc is left out: it could clash
with googleapis-common-protos, and no client needs it.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START_TIMEOUT_S = 60


def generate(folder, proto_root, protos):
    """Generates stubs of `protos`, paths below `proto_root`, into `folder`."""
    plugin = shutil.which("grpc_python_plugin")
    subprocess.run(
        ["protoc", f"-I{proto_root}", f"--python_out={folder}",
         f"--grpc_out={folder}", f"--plugin=protoc-gen-grpc={plugin}",
         *map(str, protos)], check=True)
    sys.path.insert(0, str(folder))


def generate_guanxi(folder):
    """Generates the stubs of the whole contract."""
    proto = ROOT / "proto"
    generate(folder, proto, sorted((proto / "guanxi").rglob("*.proto")))


class Server:
    """A guanxid of this build on a free port; `log` is a file, or nothing.

    `within` are words before the command, as of prlimit.
    """

    def __init__(self, data, arguments=(), log=subprocess.DEVNULL, *,
                 listen="127.0.0.1:0", within=()):
        self.process = subprocess.Popen(
            [*within, os.environ["GUANXI_SERVER_PROGRAM"], "--data", str(data),
             "--listen", listen, *arguments],
            stdout=subprocess.PIPE, stderr=log, text=True)
        with self.process.stdout as stdout:
            line = stdout.readline()
        if not line.startswith("listening on "):
            self.process.kill()
            raise RuntimeError(f"guanxid did not start: {line!r}")
        self.address = line.split()[-1]

    def end(self):
        """Ends it as an operator would; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=START_TIMEOUT_S)

    def kill(self):
        """Ends it as a power cut would end it."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def running_server(arguments=()):
    """Yields a server with an empty store; ends it however the block ends."""
    with tempfile.TemporaryDirectory(prefix="guanxi-test-") as data:
        server = Server(data, arguments)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.kill()
