"""Run a function on untrusted input in a worker process with limits, and without network, files to write or secrets.

One page of 1.9 MB can hold an XML parser for a minute, and no limit inside the process stops it; another can crash it.
The worker lives as long as the sandbox and serves one call after the other. A call that breaks a limit costs its
worker, not the caller; a worker that dies for another reason is no verdict on the call, which is made once more.
"""

from __future__ import annotations

from pipeline.runtime.sandbox.answers import WorkerFault
from pipeline.runtime.sandbox.box import NO_WORKER, UNANSWERED, Sandbox
from pipeline.runtime.sandbox.confinement import confinement_steps

__all__ = ["NO_WORKER", "UNANSWERED", "Sandbox", "WorkerFault", "confinement_steps"]
