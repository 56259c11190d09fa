"""A filter of system calls (seccomp) for a process that reads files: what it has no use for is not permitted.

Sockets, programs, other processes, mounts, kernel interfaces, and changes of files that Landlock does not look at.
A call that is not permitted fails with EPERM; one of another machine's kind ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Mapping

from geo_review.sandbox.kernel import prctl

_PR_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_FROM, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_NUMBER_AT, _MACHINE_AT = 0, 4  # in struct seccomp_data
_X32 = 0x40000000  # another way to call on x86-64, with numbers of its own

# Machine → its audit number, and which column below is its own. All but x86-64 share the kernel's generic table.
_MACHINES: Mapping[str, tuple[int, int]] = {
    "x86_64": (0xC000003E, 0),
    "aarch64": (0xC00000B7, 1),
    "loongarch64": (0xC0000102, 1),
    "riscv64": (0xC00000F3, 1),
}

# (x86-64, generic), None where there is no such call.
_NEVER: Mapping[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "bind": (49, 200),
    "listen": (50, 201),
    "connect": (42, 203),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "acct": (163, 89),
    "swapon": (167, 224),
    "reboot": (169, 142),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
}

# What the process that starts the readings still needs, and a reading does not.
_NEVER_WHILE_READING: Mapping[str, tuple[int | None, int | None]] = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "fork": (57, None),
    "vfork": (58, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "recvmsg": (47, 212),
    "recvmmsg": (299, 243),
    "accept": (43, 202),
    "accept4": (288, 242),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
}


def refuse_calls(*, while_reading: bool = False) -> None:
    """Refuse the calls from now on, to this process and its children. OSError on a machine that is not known here."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, f"no table of system calls for {platform.machine()}")
    audit, column = machine
    table = _NEVER_WHILE_READING if while_reading else _NEVER
    _install(_program(audit, [numbers[column] for numbers in table.values()], x32=column == 0))


def _program(audit: int, refused: Iterable[int | None], *, x32: bool) -> bytes:
    steps = [_step(_LOAD, _MACHINE_AT), _step(_JUMP_EQUAL, audit, 1, 0), _step(_RETURN, _KILL)]
    steps.append(_step(_LOAD, _NUMBER_AT))
    if x32:
        steps += [_step(_JUMP_FROM, _X32, 0, 1), _step(_RETURN, _KILL)]
    for number in refused:
        if number is not None:
            steps += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)


def _install(program: bytes) -> None:
    class Program(ctypes.Structure):
        _fields_ = (("count", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(Program(len(program) // 8, program)))
