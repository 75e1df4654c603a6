"""``onrecord archive`` as a user runs it, and other tools on what it leaves: warcio always, pywb and wacz on request.

pywb cannot live in our environment. ``ONRECORD_PYWB=DIR`` names one of its own, which is made there if it is not yet:
``ONRECORD_PYWB=.pywb ./dev test tests/acceptance/test_archive_tools.py``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from program import onrecord

from pipeline.config.settings import Settings, from_environment
from pipeline.demo.newsroom import DAYS, Newsroom
from pipeline.demo.run import end_of_day, settings_for
from pipeline.records import Stage
from pipeline.runs import runner

SOURCES = ["kestrel", "volna-ru"]
PYWB = os.environ.get("ONRECORD_PYWB")
PACKAGES = ("pywb==2.10.0", "wacz==0.6.0", "setuptools<81")
needs_pywb = pytest.mark.skipif(not PYWB, reason="ONRECORD_PYWB names no environment for pywb")


@dataclass(frozen=True)
class Crawled:
    """A home in which two days were crawled, and its captures as ``list --urls`` tells them."""

    settings: Settings
    captures: list[dict[str, object]]

    def command(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return onrecord("archive", *arguments, ONRECORD_HOME=self.settings.home)

    def pages(self, mime: str = "text/html") -> list[dict[str, object]]:
        return [it for it in self.captures if it["mime"] == mime and it["status"] == 200]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    settings = replace(settings_for(from_environment(), tmp_path_factory.mktemp("archive")), smtp_url=None)
    with Newsroom(DAYS[0]).serve() as served:
        for day in DAYS:
            served.day = day
            plan = runner.RunPlan("demo", source_ids=SOURCES, now=end_of_day(day), proxy=served.proxy_url)
            with runner.open_run(settings, plan) as run:
                runner.perform_run(run, stages=(Stage.CRAWL,))
    listed = onrecord("archive", "list", "--urls", ONRECORD_HOME=settings.home)
    return Crawled(settings, [json.loads(line) for line in listed.stdout.splitlines()])


def test_files_are_listed_and_all_well(crawled: Crawled) -> None:
    listed = crawled.command("list")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.splitlines()[-1] == f"4 files, {len(crawled.captures)} captures"
    assert len(crawled.pages()) > 15
    assert crawled.pages("warc/revisit")
    verified = crawled.command("verify")
    assert (verified.returncode, verified.stdout) == (0, "4 files: all well\n")


def test_only_a_source_that_there_is_can_be_asked_for(crawled: Crawled, tmp_path: Path) -> None:
    assert crawled.command("list", "--source", "kestrel").stdout.splitlines()[-1].startswith("2 files, ")
    assert crawled.command("list", "--source", "tass-en").stdout == "0 files, 0 captures\n", (
        "known, and not crawled yet"
    )
    for asked in (("list",), ("list", "--urls"), ("export", "--wacz", tmp_path / "a.wacz")):
        refused = crawled.command(*asked, "--source", "nope")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "no source nope" in refused.stderr
    assert not list(tmp_path.iterdir())


def test_one_address_is_extracted_with_its_bytes(crawled: Crawled) -> None:
    page = crawled.pages()[0]
    found = crawled.command("extract", page["url"])
    assert found.returncode == 0, found.stderr
    assert found.stdout.lstrip().lower().startswith("<!doctype html")
    with_headers = crawled.command("extract", page["url"], "--headers", "--as-of", DAYS[0].isoformat())
    assert with_headers.stdout.startswith("HTTP/1.1 200")
    assert with_headers.stdout.endswith(crawled.command("extract", page["url"], "--as-of", DAYS[0].isoformat()).stdout)
    missing = crawled.command("extract", "http://nowhere.example/")
    assert missing.returncode == 1
    assert "not in the archive" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_a_damaged_file_is_named(crawled: Crawled, tmp_path: Path) -> None:
    shutil.copytree(crawled.settings.archive, tmp_path / "archive")
    page = crawled.pages()[3]
    path = tmp_path / "archive" / str(page["file"])
    data = bytearray(path.read_bytes())
    data[int(str(page["offset"])) + int(str(page["length"])) // 2] ^= 4
    path.write_bytes(data)
    found = onrecord("archive", "verify", ONRECORD_HOME=tmp_path)
    assert found.returncode == 1
    assert f"BROKEN  {page['file']}: record at byte {page['offset']}" in found.stdout
    refused = onrecord("archive", "verify", "no/such.warc.gz", ONRECORD_HOME=tmp_path)
    assert refused.returncode == 2


def test_warcio_finds_nothing_wrong(crawled: Crawled) -> None:
    for path in sorted(crawled.settings.archive.rglob("*.warc.gz")):
        done = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
        assert "no digest" not in done.stdout.replace("no digest to check", "")


@pytest.fixture(scope="module")
def pywb() -> Path:
    """Folder of the programs of pywb's own environment."""
    folder = Path(str(PYWB)).absolute()
    if not (folder / "bin" / "wayback").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "--quiet", *PACKAGES], check=True)
    return folder / "bin"


@contextmanager
def replaying(pywb: Path, folder: Path) -> Iterator[str]:
    """Address of a collection that pywb serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [str(pywb / "wayback"), "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log
        )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/onrecord"
    finally:
        server.terminate()
        server.wait()


def fetched(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{address}: {error}") from error


@needs_pywb
def test_pywb_replays_every_page_byte_for_byte(crawled: Crawled, pywb: Path, tmp_path: Path) -> None:
    wacz = tmp_path / "all.wacz"
    assert crawled.command("export", "--wacz", wacz).returncode == 0
    subprocess.run([str(pywb / "wb-manager"), "init", "onrecord"], cwd=tmp_path, check=True)
    subprocess.run([str(pywb / "wb-manager"), "add", "--unpack-wacz", "onrecord", str(wacz)], cwd=tmp_path, check=True)
    with replaying(pywb, tmp_path) as address:
        shown = 0
        for capture in [*crawled.pages(), *crawled.pages("warc/revisit")]:
            moment = str(capture["fetched_at"])
            stamp = "".join(character for character in moment[:19] if character.isdigit())
            ours = crawled.command("extract", capture["url"], "--as-of", moment).stdout.encode()
            theirs = fetched(f"{address}/{stamp}id_/{capture['url']}")
            assert hashlib.sha256(theirs).hexdigest() == hashlib.sha256(ours).hexdigest(), capture["url"]
            shown += 1
    assert shown > 20


@needs_pywb
def test_the_index_is_the_one_that_other_indexers_make(crawled: Crawled, pywb: Path, tmp_path: Path) -> None:
    wanted = ("url", "mime", "status", "digest", "length", "offset", "filename")
    for path in sorted(crawled.settings.archive.rglob("*.warc.gz")):
        made = subprocess.run(
            [str(pywb / "cdxj-indexer"), "--sort", str(path)], capture_output=True, text=True, check=True
        )
        theirs = [line.split(" ", 2) for line in made.stdout.splitlines()]
        ours = [
            line.split(" ", 2)
            for line in path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_text(encoding="utf-8").splitlines()
            if not line.startswith("!")
        ]
        assert [line[:2] for line in ours] == [line[:2] for line in theirs]
        for own, other in zip(ours, theirs, strict=True):
            mine, yours = json.loads(own[2]), json.loads(other[2])
            assert {name: mine.get(name) for name in wanted if name in yours} == {
                name: yours[name] for name in wanted if name in yours
            }


@needs_pywb
def test_the_export_is_valid(crawled: Crawled, pywb: Path, tmp_path: Path) -> None:
    wacz = tmp_path / "all.wacz"
    crawled.command("export", "--wacz", wacz)
    done = subprocess.run(
        [str(pywb / "wacz"), "validate", "-f", str(wacz)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
