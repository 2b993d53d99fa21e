"""As much of HTTP/2 as a client needs that does what clients of gRPC do not."""


def frame(kind, flags, stream, payload=b""):
    return (len(payload).to_bytes(3, "big") + bytes([kind, flags])
            + stream.to_bytes(4, "big") + payload)


# The first bytes of a client, with settings: none, or that nothing may be sent
# to it until it says so.
HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)
HELLO_WITHOUT_WINDOW = HELLO[:-9] + frame(
    4, 0, 0, (4).to_bytes(2, "big") + (0).to_bytes(4, "big"))


def call(stream, path, **metadata):
    """Returns the bytes that begin a call, whose requests are to come."""
    fields = [(":method", "POST"), (":scheme", "http"), (":path", path),
              (":authority", "localhost"), ("te", "trailers"),
              ("content-type", "application/grpc"),
              *((name.replace("_", "-"), value)
                for name, value in metadata.items())]
    headers = b"".join(
        b"\0" + bytes([len(name)]) + name.encode()
        + bytes([len(value)]) + value.encode() for name, value in fields)
    return frame(1, 4, stream, headers)


def empty_request(stream):
    """Returns the bytes of the one request of a call, which states nothing."""
    return frame(0, 1, stream, b"\0" * 5)
