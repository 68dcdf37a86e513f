"""The traces in docs/protocol.md: where they stand, and what in them differs from one run to the next."""

import os
import re
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
REWRITE = "USHER_REWRITE_TRACES"
BLOCK = re.compile(r"<!-- trace: (?P<name>[a-z0-9-]+) -->\n```text\n(?P<text>.*?)```\n", re.DOTALL)

# What differs in each run, and what stands for it. Nothing here has another length in another run but numbers of ports.
VARIES = [
    (re.compile(r"^(→|←| ) +\d+\.\d{6}  ", re.MULTILINE), r"\1   0.000000  "),
    (re.compile(r"(the request, )\d+( bytes)"), r"\1N\2"),
    (re.compile(r"(127\.0\.0\.1):\d+"), r"\1:PORT"),
    (re.compile(r"(Sec-WebSocket-Key: )[A-Za-z0-9+/]{22}=="), r"\1KEY"),
    (re.compile(r"(Sec-WebSocket-Accept: )[A-Za-z0-9+/]{27}="), r"\1ACCEPT"),
    (re.compile(r"(Date: )\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), r"\1DATE"),
    (re.compile(r"((?:Usher-Request-Id: |\bid=))[0-9a-f]{16}"), r"\1ID"),
    (re.compile(r"ust_[A-Za-z0-9_-]{43}"), "TICKET"),
    (re.compile(r'("expires_at":)\d+'), r"\1TIME"),
    (re.compile(r'(session\\":\\")[A-Za-z0-9_-]{12}'), r"\1SESSION"),
    (re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "TIME"),
]
# A masked frame: the row has the key, and the bytes below it have the key and the masked payload.
MASKED = re.compile(
    r"^(?P<row>→.*?  1     \d+(?: \(7\+\d\d bits\))? +)(?P<key>(?:[0-9a-f]{2} ){3}[0-9a-f]{2})(?P<rest>.*)\n"
    r"(?P<head> +[0-9a-f]{2} [0-9a-f]{2}(?: \| (?:[0-9a-f]{2} ){1,7}[0-9a-f]{2})?) \| (?P=key)(?P<payload> \| .*)?$",
    re.MULTILINE,
)


def masked_away(frame):
    payload = re.sub(r"\b[0-9a-f]{2}(?= |$)(?! more)", "mm", frame["payload"] or "")
    return f"{frame['row']}kk kk kk kk{frame['rest']}\n{frame['head']} | kk kk kk kk{payload}"


def normalised(trace):
    """`trace` with one word for whatever differs from one run to the next."""
    text = MASKED.sub(masked_away, trace)
    for pattern, replacement in VARIES:
        text = pattern.sub(replacement, text)
    return text


def rewriting():
    return bool(os.environ.get(REWRITE))


def blocks():
    """{name: text} of all traces in the document."""
    return {block["name"]: block["text"] for block in BLOCK.finditer(DOCUMENT.read_text())}


def rewrite(made):
    """Puts the traces of {name: text} into the document; the others stay."""

    def fresh(block):
        text = made.get(block["name"], block["text"])
        return f"<!-- trace: {block['name']} -->\n```text\n{text}```\n"

    DOCUMENT.write_text(BLOCK.sub(fresh, DOCUMENT.read_text()))


def compare(made):
    """Holds {name: text} against the document, or writes it there when the environment says so."""
    if rewriting():
        return rewrite(made)
    written = blocks()
    for name, text in made.items():
        assert name in written, f"docs/protocol.md has no trace {name}"
        assert normalised(text) == normalised(written[name]), f"trace {name}: {REWRITE}=1 writes it anew"
    return None
