"""docs/configuration.md names every key that may be written, and its example is one that usher serves."""

import re
import subprocess
from pathlib import Path

from wire.process import surroundings, usher_binary

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text()


def test_every_key_is_there():
    missing = []
    for file in sorted((ROOT / "src" / "app").glob("*_keys.cpp")):
        if file.name == "later_keys.cpp":
            continue
        for key in re.findall(r'Key\{"([a-z0-9_.]+)"', file.read_text()):
            name = key.rpartition(".")[2]
            if not re.search(rf"`(?:[^`\n]*\W)?{name}(?:\W[^`\n]*)?`", DOCUMENT):
                missing.append(key)
    assert not missing, missing


def test_example_is_well(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    digest = tmp_path / "backend.sha256"
    digest.write_text("0" * 64 + "\n")
    file = tmp_path / "usher.toml"
    file.write_text(example.replace("/etc/usher/backend.sha256", str(digest)))
    checked = subprocess.run(
        [usher_binary(), "check", "--config", str(file)], capture_output=True, text=True, env=surroundings(), timeout=60, check=False
    )
    assert checked.returncode == 0 and "warning" not in checked.stderr, checked.stderr
