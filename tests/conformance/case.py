"""One case of the list: what is sent, what must come back, and how the connection must end."""

from dataclasses import dataclass

from wire import frames
from wire.frames import CLOSE, Frame


@dataclass(frozen=True)
class Case:
    """`sent` is a list of bytes, and of frames that must have arrived before the next bytes are sent.

    answers  the frames that come back, in order, before the connection ends
    fails    the code with which usher fails the connection; else the client ends it
    closes   the body of usher's answer when a Close is among what is sent; None: the driver sends Close 1000 at last
    chop     None: all in one call; "frame": a call for each of `sent`; a number: so many bytes in each call
    """

    id: str
    sent: list
    answers: list
    fails: int | None = None
    closes: bytes | None = None
    chop: str | int | None = None


def run(socket, case, code_for=lambda code: code):
    """Plays the case, strictly: nothing else may arrive, and usher closes the stream first and cleanly."""
    deliver(socket, case)
    socket.expect(*case.answers)
    if case.fails is not None:
        socket.expect_close(code_for(case.fails))
        socket.expect_end()
    elif case.closes is not None:
        socket.expect(Frame(CLOSE, case.closes))
        socket.expect_end()
    else:
        socket.finish(1000)


def deliver(socket, case):
    waiting = b""
    for item in case.sent:
        if isinstance(item, Frame):
            send(socket, waiting, case.chop)
            waiting = b""
            socket.expect(item)
        elif case.chop == "frame":
            send(socket, item, None)
        else:
            waiting += item
    send(socket, waiting, case.chop)


def send(socket, data, chop):
    if data:
        socket.send_in_pieces(data, chop if isinstance(chop, int) else len(data))


def echo(opcode, payload):
    return Frame(opcode, payload)


def texts(*payloads):
    return [Frame(frames.TEXT, payload if isinstance(payload, bytes) else payload.encode()) for payload in payloads]


def pongs(*payloads):
    return [Frame(frames.PONG, payload) for payload in payloads]
