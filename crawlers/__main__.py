"""``python -m crawlers``: crawl the sources named in a request; write WARC files and journals, print reports.

The request is JSON on stdin: one job, or ``{"jobs": [JOB, ...]}`` for several sources in one child process. Loading
Scrapy takes longer than replaying a small source, so give a child several jobs in a replay. Live jobs of one child run
concurrently (each with the rate limit of its source), replayed ones one after the other. For each job one line of JSON
is printed on stdout when it ends. :mod:`pipeline.crawling.job` has the fields of both.

A crawl writes exactly one line into the journal for every address that it found, documents (kind robots, feed, sitemap,
listing) as well as pages; a source that is crawled again after its child was lost adds lines to the same file. Bytes
are in the archive before their line is in the journal. ``url`` is the address as found (requested without tracking
parameters); ``discovered_in`` the document that listed it (empty: recrawled without being listed). Lines of pages:

    kept/new, kept/edited     ``record`` locates the response in the archive (all other responses are archived too);
                              edited: the body differs from the one known
    kept/from-feed            not requested, since ``source.body`` is ``feed``; no ``record``: the feed's has the text
    unchanged/not-modified, unchanged/same-body, unchanged/settled (known for a week: not requested),
    unchanged/not-due (read recently: not requested)
    duplicate/same-article    another form of an address in this journal; duplicate/redirect: redirects to one
    not-article/pattern, /other-host, /home, /content-type, /no-text
    gone/http-404, gone/http-410
    error/http-NNN, error/robots, error/guard, error/redirects, error/retry-after, error/max-pages, error/empty-body,
    error/truncated, error/bad-encoding, error/too-large, error/timeout, error/dns, error/tls, error/refused,
    error/network, error/not-tried (the crawl was stopped first)
    and the stored outcome is repeated for addresses settled as not-relevant, not-article, duplicate or gone

Lines of documents have the same outcomes, or a Rejected reason of ``pipeline.parsing.feeds``; their detail says how
many entries a run over past days left out. A page of a ``body: page`` source that was refused keeps its error here;
the entry's text can still be read from the archived feed named in ``discovered_in``.

Logs go to stderr. On TERM or INT no new request is sent, requests under way get ten seconds, all other addresses end as
error/not-tried, archive and journal are closed, and the lines are printed with ``"finished": "shutdown"``; exit code 0.
Exit codes: 0 all jobs ended; 2 the request is invalid or the replay file cannot be read (one line on stderr). After
kill -9 the journal's last line may be incomplete (readers skip it), and
``pipeline.archive.recovery.recover_archive`` closes the archive's files. The child ends when its parent dies, and at
the latest by its own alarm, a minute after the longest limit.
"""

from __future__ import annotations

import sys

from pydantic import ValidationError

from pipeline.archive import ArchiveError
from pipeline.config.sources import missing_browser_message
from pipeline.crawling.job import CrawlJob, read_jobs
from pipeline.runtime.collector import collect_rarely


def main() -> int:
    """Run the jobs of the request on stdin and return the exit code."""
    collect_rarely()
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
    for job in jobs:
        if refusal := _refusal(job):
            sys.stderr.write(f"job: {refusal}\n")
            return 2
    from crawlers.runner import (
        run_crawl_jobs,  # Scrapy takes a second to load: only after the request has been validated
    )

    try:
        return run_crawl_jobs(jobs)
    except ArchiveError as error:
        sys.stderr.write(f"replay: {error}\n")
        return 2


def _refusal(job: CrawlJob) -> str:
    """Why a well-formed job cannot be done; empty if it can."""
    if job.replay is not None:
        return ""
    if not job.contact:
        return f"{job.source.id}: a live crawl needs a contact: servers must be able to reach whoever asks them"
    return missing_browser_message({job.source.id: job.source}) or ""


if __name__ == "__main__":
    sys.exit(main())
