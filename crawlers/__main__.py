"""``python -m crawlers``: crawl the sources of a request and leave WARC files and journals behind.

The request is JSON on stdin: one job, or ``{"jobs": [JOB, ...]}`` for several sources in one child. Loading Scrapy
takes longer than replaying a small source, so give a child several jobs in a replay. Live jobs of one child run side
by side (each with the politeness of its source), replayed ones after each other.

    JOB = {
      "run": str,               names the run in the archive's file names
      "source": {...},          Source.model_dump(mode="json")
      "now": ISO time | null,   the clock; null: real time
      "window": {"start": ISO, "end": ISO} | null,
      "past": bool,             read the window's days: day_only documents, addresses with a day in them, and of
                                archives only entries that may be of those days
      "replay": PATH | null,    this WARC file, or all in this folder, is the web: what is not in it is 404
      "as_of": ISO time | null, captures after it are not there yet
      "archive": DIR,           WARC files go to DIR/SOURCE/YYYYMMDDTHHMMSS-RUN.warc.gz, ``.open`` until closed
      "journal": FILE,          appended to: one records.Fetch per line (pipeline.crawling.journal)
      "known": FILE | null,     one records.KnownUrl per line
      "contact": str,           for the User-Agent; needed unless replay
      "not_before": {HOST or URL: ISO time},  asked earlier runs to be left alone until then (optional)
      "roll_at": bytes,         of a WARC file, after which a new one is begun (default 1 GiB)
      "proxy": URL | null,      all requests go through it, and resolved addresses are its to guard
      "most_pages": N | null,   pages asked for at most; the rest is error/max-pages
      "limit": seconds          of wall time for this job (default 5400)
    }

For each job one line of JSON comes on stdout when it ends (``crawlers.job.CrawlReport``):

    {"source": ID, "discovered": N, "outcomes": {OUTCOME: N}, "documents": {"tried", "read", "unchanged", "entries"},
     "warcs": [NAME, ...], "not_before": {HOST or URL: ISO time},
     "finished": "finished" | "shutdown" | "timeout" | "memory", "failure": str, "left_out": N, "in_replay": bool,
     "damage": [str, ...], "seconds": S, "peak_mib": M}

``discovered`` counts pages, and so do ``outcomes``, whose sum it is. ``read`` counts documents that were understood or
answered 304, ``unchanged`` those that were the same as before (then ``entries`` may be 0 and nothing is wrong).
``failure`` is empty, or says why archive or journal could not be written (a full disk): the crawl ended there, whole
lines and records are left, and the archive's file may still be ``.open``.
``memory``: the child held more than it may, through whichever of the crawls under way; it ended at once, jobs that had
not begun have no line, and all of them are to be tried again in other children. ``left_out`` counts addresses listed
beyond what one crawl takes up.
``in_replay`` is false if none of the source's documents is in the WARC file: nothing was fetched then, and
the journal is empty. ``damage`` names what of the replayed files could not be read; the rest of them was.

A crawl writes exactly one line into the journal for every address that it found, documents (kind robots, feed, sitemap,
listing) as well as pages; a source that is crawled again after its child was lost adds lines to the same file. Bytes
are in the archive before their line is in the journal. ``url`` is the address as found (asked for without tracking
parameters); ``discovered_in`` the document that listed it (empty: asked again without being listed). Lines of pages:

    kept/new, kept/edited     ``record`` tells where in the archive, which has all other answers as well; edited: we
                              knew another body
    kept/from-feed            not asked for, since ``source.body`` is ``feed``; no ``record``: the feed's has the text
    unchanged/not-modified, unchanged/same-body, unchanged/settled (known for a week: not asked),
    unchanged/not-due (read lately: not asked)
    duplicate/same-article    another form of an address in this journal; duplicate/redirect: leads to one
    not-article/pattern, /other-host, /home, /content-type, /no-text
    gone/http-404, gone/http-410
    error/http-NNN, error/robots, error/guard, error/redirects, error/retry-after, error/max-pages, error/empty-body,
    error/truncated, error/bad-encoding, error/too-large, error/timeout, error/dns, error/tls, error/refused,
    error/network, error/not-tried (the crawl was stopped first)
    and the outcome the store remembers, for addresses settled as not-relevant, not-article, duplicate or gone

Lines of documents have the same outcomes, or a Rejected reason of ``pipeline.parsing.feeds``; their detail tells how
many entries a run over the past left out. A page of a ``body: page`` source that was refused keeps its error here;
whoever has the capture of the feed in ``discovered_in`` may read the entry's text from it.

Logs go to stderr. TERM or INT: no new request, ten seconds for those under way, all else is error/not-tried, archive
and journal are closed, the lines are printed with ``"finished": "shutdown"``, exit code 0. Exit codes: 0 all jobs
ended; 2 the request is wrong or the replay file cannot be read (one line on stderr). After kill -9 the journal's last
line may be cut (readers pass over it), and ``pipeline.archive.recover`` closes the archive's files. The child dies
with its parent, and by an alarm of its own a minute after the longest limit.
"""

from __future__ import annotations

import sys

from pydantic import ValidationError

from crawlers.job import read_jobs
from pipeline.archive import ArchiveError


def main() -> int:
    """Crawl what stdin asks for; gives back the exit code."""
    try:
        jobs = read_jobs(sys.stdin.buffer.read())
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(str(step) for step in problem["loc"])
            sys.stderr.write(f"job: {where}: {problem['msg']}\n")
        return 2
    except ValueError as error:
        sys.stderr.write(f"job: not JSON: {error}\n")
        return 2
    from crawlers.runner import (
        run_crawl_jobs,  # Scrapy takes a second to load: not before the request is known to be right
    )

    try:
        return run_crawl_jobs(jobs)
    except ArchiveError as error:
        sys.stderr.write(f"replay: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
