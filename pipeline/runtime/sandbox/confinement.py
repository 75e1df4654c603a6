"""Confine a worker before it reads input: no secrets, network, new programs, writable files or other processes.

By resource limits, capabilities, Landlock and seccomp, each applied if the system supports it;
:func:`confinement_steps` lists those that were.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Mapping
from typing import Final

_ENVIRONMENT = frozenset(
    "PATH LANG LC_ALL LC_CTYPE TZ LD_LIBRARY_PATH DYLD_LIBRARY_PATH PYTHONHOME PYTHONHASHSEED PYTHONUTF8 "
    "PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX".split()
)
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Numerical libraries reserve address space per core, which would exceed the memory limit on large machines."""
_MOST_FILES = 64
_MOST_WRITTEN = 1 << 30
"""Bytes that a worker may append to a log file that is its stderr."""

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_CAPABILITIES_VERSION, _READ_ANY = 0x20080522, 1 << 2
"""The version for capset, and the bit of CAP_DAC_READ_SEARCH."""
_MAKE_RULES, _ADD_RULE, _RESTRICT, _BENEATH = 444, 445, 446, 1
_CHANGES_TO_FILES = 0x1FF3
"""Rights of Landlock's first version except reading: execute, write, create and remove."""
_TEMPORARY_FILES = 0x0122
"""The rights to write, remove and create a regular file."""

_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _EQUAL, _FROM, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_THREAD = 0x00010000
_FOREIGN_NUMBERS = 0x40000000

Numbers = Mapping[str, int]
_SHARED_NUMBERS: Final = {"clone3": 435, "io_uring_setup": 425, "pidfd_send_signal": 424, "pidfd_getfd": 438}
_MACHINES: Final[Mapping[str, tuple[int, Numbers]]] = {
    "x86_64": (
        0xC000003E,
        {
            **{"socket": 41, "socketpair": 53, "connect": 42, "bind": 49, "listen": 50, "sendto": 44, "sendmsg": 46},
            **{"fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "clone": 56, "ptrace": 101, "bpf": 321},
            **{"process_vm_readv": 310, "process_vm_writev": 311, "unshare": 272, "setns": 308, "mount": 165},
            **{"kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297},
            **{"add_key": 248, "request_key": 249, "keyctl": 250, "perf_event_open": 298, "userfaultfd": 323},
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            **{"socket": 198, "socketpair": 199, "connect": 203, "bind": 200, "listen": 201, "sendto": 206},
            **{"sendmsg": 211, "execve": 221, "execveat": 281, "clone": 220, "ptrace": 117, "bpf": 280},
            **{"process_vm_readv": 270, "process_vm_writev": 271, "unshare": 97, "setns": 268, "mount": 40},
            **{"kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240},
            **{"add_key": 217, "request_key": 218, "keyctl": 219, "perf_event_open": 241, "userfaultfd": 282},
        },
    ),
}
"""Architecture and system call numbers for the seccomp filter, by machine."""
_OWN_PROCESS_ONLY = ("kill", "tgkill")

_taken: list[str] = []


def worker_environment(temporary: str) -> dict[str, str]:
    """The few environment variables that a worker gets; ``temporary`` is its folder for temporary files."""
    kept = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
    return kept | _ONE_THREAD | {"TMPDIR": temporary}


def confinement_steps() -> list[str]:
    """Called in a worker: the steps that succeeded, of ``limits``, ``privileges``, ``files``, ``network``."""
    return list(_taken)


def confine_worker(memory_bytes: int) -> None:
    """Apply all confinement steps to the current process. They cannot be undone."""
    _note("limits", _limit(memory_bytes))
    if sys.platform != "linux":
        return
    system = ctypes.CDLL(None, use_errno=True)
    _note("privileges", system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and _drop_capabilities(system))
    _note("files", _make_files_read_only(system, os.environ["TMPDIR"]))
    _note("network", _filter_calls(system) or system.unshare(_NEW_USER | _NEW_NETWORK) == 0)


def _note(step: str, taken: bool) -> None:
    if taken:
        _taken.append(step)


def _limit(memory_bytes: int) -> bool:
    """Limit core files, open files, written bytes and address space; macOS refuses the last."""
    held = True
    written = _MOST_WRITTEN + os.fstat(2).st_size
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_AS, memory_bytes),
    ):
        try:
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            held = False
    return held


def _drop_capabilities(system: ctypes.CDLL) -> bool:
    """Drop all capabilities; root keeps CAP_DAC_READ_SEARCH, to read its own program files."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITIES_VERSION, 0))
    held = ctypes.create_string_buffer(24)
    if system.capget(header, held) != 0:
        return False
    effective, permitted = struct.unpack_from("=II", held)
    left = struct.pack("=6I", effective & _READ_ANY, permitted & _READ_ANY, 0, 0, 0, 0)
    return int(system.capset(header, ctypes.create_string_buffer(left))) == 0


def _make_files_read_only(system: ctypes.CDLL, temporary: str) -> bool:
    """Forbid all changes to files except in one folder, by Landlock; it also protects our other processes."""
    rights = ctypes.create_string_buffer(struct.pack("=Q", _CHANGES_TO_FILES), 8)
    rules = system.syscall(_MAKE_RULES, rights, ctypes.c_size_t(8), 0)
    if rules < 0:
        return False
    folder = os.open(temporary, os.O_PATH | os.O_DIRECTORY)
    try:
        beneath = ctypes.create_string_buffer(struct.pack("=Qi", _TEMPORARY_FILES, folder), 12)
        added = system.syscall(_ADD_RULE, rules, _BENEATH, beneath, 0)
        return added == 0 and int(system.syscall(_RESTRICT, rules, 0)) == 0
    finally:
        os.close(folder)
        os.close(rules)


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def _filter_calls(system: ctypes.CDLL) -> bool:
    """Install a seccomp filter that refuses system calls for network, new programs and other processes."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    steps = _filter(*machine, own=os.getpid())
    array = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    return int(system.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(_Program(len(steps), array)), 0, 0)) == 0


Step = tuple[int, int, int, int]


def _filter(architecture: int, numbers: Numbers, *, own: int) -> list[Step]:
    """The filter as a classic BPF program over ``struct seccomp_data``; jumps give the number of steps to skip."""
    refuse: Step = (_RETURN, 0, 0, _ERROR | errno.EPERM)
    allow: Step = (_RETURN, 0, 0, _ALLOW)
    argument: Step = (_LOAD, 0, 0, _FIRST_ARGUMENT)
    steps: list[Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_FROM, 0, 1, _FOREIGN_NUMBERS),
        refuse,
    ]
    for name, number in {**numbers, **_SHARED_NUMBERS}.items():
        if name in _OWN_PROCESS_ONLY:
            steps += [(_EQUAL, 0, 4, number), argument, (_EQUAL, 1, 0, own), refuse, allow]
        elif name == "clone":
            steps += [(_EQUAL, 0, 4, number), argument, (_ANY_BIT, 1, 0, _THREAD), refuse, allow]
        elif name == "clone3":
            # a filter cannot read its flags; with ENOSYS the C library falls back to clone
            steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | errno.ENOSYS)]
        else:
            steps += [(_EQUAL, 0, 1, number), refuse]
    return [*steps, allow]
