#!/usr/bin/env python3
"""Checks that errors.proto lists the reasons that the code gives, and no others.

Prints one line per finding; exits 1 if there are any.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MADE = re.compile(r'MakeError\(\s*(?:[\w:.]+|[^",;]*?),\s*"([A-Z][A-Z_]+)"')
LISTED = re.compile(r"^  ([A-Z][A-Z_]+) = (\d+);", re.MULTILINE)
NEVER_SENT = "ERROR_REASON_UNSPECIFIED"


def read_code():
    """Returns the text of each source file by its path."""
    return {file.relative_to(ROOT): file.read_text()
            for folder in ("graph", "server")
            for file in sorted((ROOT / folder).rglob("*.cc"))}


def main():
    listed = dict(LISTED.findall(
        (ROOT / "proto/guanxi/v1/errors.proto").read_text()))
    code = read_code()
    reasons = {reason: file for file, text in code.items()
               for reason in MADE.findall(text)}
    quoted = set(re.findall(r'"([A-Z][A-Z_]+)"', "\n".join(code.values())))
    findings = [f"{file}: {reason} is not in errors.proto"
                for reason, file in reasons.items() if reason not in listed]
    findings += [f"errors.proto: nothing gives {reason}" for reason in listed
                 if reason not in quoted and reason != NEVER_SENT]
    print("\n".join(findings))
    print(f"{len(reasons)} reasons given, {len(listed)} listed")
    return 1 if findings or not reasons else 0


if __name__ == "__main__":
    sys.exit(main())
