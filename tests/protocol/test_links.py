"""Links between documents lead somewhere, and to a heading that is there."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")


def documents():
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).is_file()]


def prose(path):
    return FENCE.sub("", path.read_text())


def anchors(path):
    """What a heading is called in a link: lower case, no punctuation, hyphens for spaces."""
    names = set()
    for heading in re.findall(r"^#+ +(.*?) *$", prose(path), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        names.add(plain)
    return names


def test_links_resolve():
    broken = []
    for document in documents():
        for target in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(document))):
            if re.match(r"[a-z][a-z+.-]*:", target):
                continue
            file, _, fragment = target.partition("#")
            place = (document.parent / unquote(file)).resolve() if file else document
            if file.startswith("/") or not place.exists():
                broken.append(f"{document.relative_to(ROOT)}: {target}")
            elif fragment and place.suffix == ".md" and fragment not in anchors(place):
                broken.append(f"{document.relative_to(ROOT)}: {target}: no such heading")
    assert not broken, "\n".join(broken)


def test_every_document_can_be_reached_from_a_readme():
    reached, waiting = set(), [document for document in documents() if document.name == "README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached or not document.is_file():
            continue
        reached.add(document)
        for target in LINK.findall(prose(document)):
            place = (document.parent / unquote(target.partition("#")[0])).resolve()
            if place.suffix == ".md":
                waiting.append(place)
    lost = [str(d.relative_to(ROOT)) for d in documents() if d.is_relative_to(ROOT / "docs") and d not in reached]
    assert not lost, lost
