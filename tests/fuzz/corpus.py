#!/usr/bin/python3
"""The inputs of a fuzz target, as text and as files.

    corpus.py unpack FILE FOLDER    an input of each line of FILE
    corpus.py pack FOLDER FILE      a line of FILE of each input

FILE has an input a line, its bytes escaped as in C; the shortest come first.
In FOLDER each is a file, as libFuzzer takes and makes them.
"""

import hashlib
import pathlib
import re
import sys

# Longer ones are left out: what is kept is to be read by people.
MAX_INPUT_BYTES = 1000

NAMED = {ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r",
         ord("\\"): "\\\\"}


def escape(data):
    """Octal where a byte has no name, as hexadecimal ones have no end."""
    text = "".join(
        NAMED.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in data)
    # Else an editor may take it for nothing.
    return text[:-1] + "\\040" if text.endswith(" ") else text


def unescape(line):
    names = {name: byte for byte, name in NAMED.items()}

    def byte_of(match):
        text = match.group()
        if text not in names and not text[1:].isdigit():
            sys.exit(f"{text} is none of \\n, \\t, \\r, \\\\ and \\ooo: {line}")
        return chr(names[text] if text in names else int(text[1:], 8))

    return re.sub(r"\\(?:[0-7]{3}|.)", byte_of, line).encode("latin-1")


def unpack(file, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for line in file.read_text("ascii").splitlines():
        data = unescape(line)
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def pack(folder, file):
    inputs = {path.read_bytes() for path in folder.iterdir()}
    kept = sorted((data for data in inputs if len(data) <= MAX_INPUT_BYTES),
                  key=lambda data: (len(data), data))
    # A line that is empty is no input.
    lines = [escape(data) + "\n" for data in kept if data]
    file.write_text("".join(lines), "ascii")


def main(arguments):
    commands = {"unpack": unpack, "pack": pack}
    if len(arguments) != 3 or arguments[0] not in commands:
        sys.exit(__doc__)
    commands[arguments[0]](*map(pathlib.Path, arguments[1:]))


main(sys.argv[1:])
