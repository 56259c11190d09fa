"""The calls of the Linux kernel that Python does not have: privileges, namespaces, Landlock. Decides nothing.

Each raises OSError where this kernel, or this user, does not offer it.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_LIBC.prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000

# Landlock's numbers are the same on every machine (include/uapi/linux/landlock.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ABI_VERSION = 1  # the flag that asks for it
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ACCESS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}  # rights over files that an ABI knows; 16 from the fifth on
_NET_BIND_AND_CONNECT = 0b11  # TCP, from the fourth ABI on
_SCOPE_SOCKETS_AND_SIGNALS = 0b11  # abstract Unix sockets and signals, from the sixth on

_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63


def prctl(option: int, value: int, pointer: Any = None) -> None:
    """Call prctl(2)."""
    if _LIBC.prctl(option, value, pointer, 0, 0) != 0:
        raise _failure("prctl")


def unshare(flags: int) -> None:
    """Call unshare(2)."""
    if _LIBC.unshare(flags) != 0:
        raise _failure("unshare")


def drop_capabilities() -> None:
    """Give up every capability, for now and for whatever is started later."""
    for capability in range(_LAST_CAPABILITY + 1):
        if _LIBC.prctl(PR_CAPBSET_DROP, capability, None, 0, 0) != 0:
            break  # the last one the kernel knows, or no right to: then there are none to give up
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    if _LIBC.capset(header, bytes(24)) != 0:
        raise _failure("capset")


def landlock_abi() -> int:
    """Return the version of Landlock that this kernel speaks."""
    version = int(_LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ABI_VERSION))
    if version < 1:
        raise _failure("landlock_create_ruleset")
    return version


def restrict_files(readable: Iterable[Path]) -> None:
    """Let this process and its children read beneath these paths, and touch no other file in any way.

    Where the kernel can (ABI 4, 6), no TCP either, and no abstract socket and no signal to anyone outside.
    """
    abi = landlock_abi()
    rights = (1 << _ACCESS_BITS.get(abi, 16)) - 1
    net = _NET_BIND_AND_CONNECT if abi >= 4 else 0
    scoped = _SCOPE_SOCKETS_AND_SIGNALS if abi >= 6 else 0
    attribute = struct.pack("=QQQ", rights, net, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = int(_LIBC.syscall(_CREATE_RULESET, attribute, ctypes.c_size_t(size), 0))
    if ruleset < 0:
        raise _failure("landlock_create_ruleset")
    try:
        for path in readable:
            _allow(ruleset, path)
        if _LIBC.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
            raise _failure("landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there, or not ours to see, needs no right
    try:
        rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
        rule = struct.pack("=Qi", rights, place)
        if _LIBC.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0) != 0:
            raise _failure("landlock_add_rule")
    finally:
        os.close(place)


def _failure(call: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{call}: {os.strerror(number)}")
