"""Sandbox: run a function on untrusted input in a worker process with limits, without network, writable files, secrets.

One page of 1.9 MB can keep an XML parser busy for a minute, and no limit inside the process stops it; another can crash
it. The worker lives as long as the sandbox and serves one call after the other. A call that exceeds a limit ends its
worker, not the caller. If a worker dies for another reason, the call is repeated once in a new worker.
"""

from __future__ import annotations

from pipeline.runtime.sandbox.answers import WorkerFault
from pipeline.runtime.sandbox.box import UNANSWERED, Sandbox
from pipeline.runtime.sandbox.confinement import confinement_steps
from pipeline.runtime.sandbox.pool import SandboxPool, sandbox_pool

__all__ = ["UNANSWERED", "Sandbox", "SandboxPool", "WorkerFault", "confinement_steps", "sandbox_pool"]
