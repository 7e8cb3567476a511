"""Run a program as nobody, in a root of its own that it cannot write to but for /data.

``python empty_root.py ROOT PROGRAM [ARGUMENT...]``: this process becomes the program, so that its
signals and its exit code are the program's. With root's powers or, without them, in a user
namespace. Where the kernel lets nobody mount, the root is merely not the account's to write to.
"""

import ctypes
import errno
import os
import sys
from pathlib import Path
from typing import Final

ACCOUNT: Final = 65532
CANNOT: Final = 77  # neither root nor a user namespace: nothing can be proved here

_NEW_NAMESPACE: Final = 0x00020000  # CLONE_NEWNS and the others, linux/sched.h
_NEW_USER: Final = 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _REC, _PRIVATE = 0x1, 0x20, 0x1000, 0x4000, 0x40000  # linux/mount.h
_KEPT: Final = 0x1 | 0x2 | 0x4 | 0x8  # read-only, nosuid, nodev, noexec: statvfs has mount's bits

_libc: Final = ctypes.CDLL(None, use_errno=True)


def enter(root: Path) -> None:
    """Leave everything behind but *root*, and the right to write there.

    Raises:
        PermissionError: the kernel lets this account do no such thing.
    """
    is_root = os.geteuid() == 0
    me, group = os.geteuid(), os.getegid()
    if not is_root:
        _call("unshare", _NEW_USER | _NEW_NAMESPACE)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{ACCOUNT} {me} 1")
        Path("/proc/self/gid_map").write_text(f"{ACCOUNT} {group} 1")
    try:
        if is_root:
            _call("unshare", _NEW_NAMESPACE)
        _seal(root)
    except PermissionError:
        if not is_root:
            raise  # what belongs to the account is its own to write to
    os.chroot(root)
    os.chdir("/data")
    if is_root:
        os.setgroups([])
        os.setgid(ACCOUNT)
        os.setuid(ACCOUNT)


def _seal(root: Path) -> None:
    """Make *root* read-only for this process and its children, but for the volume in it."""
    _mount("none", "/", _REC | _PRIVATE)
    _mount(str(root), str(root), _BIND)
    _mount(str(root / "data"), str(root / "data"), _BIND)
    kept = os.statvfs(root).f_flag & _KEPT
    _mount("none", str(root), _REMOUNT | _BIND | _READ_ONLY | kept)


def _mount(source: str, target: str, flags: int) -> None:
    _call("mount", source.encode(), target.encode(), None, ctypes.c_ulong(flags), None)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        # A kernel without namespaces, or with none left, refuses in other words.
        refused = number in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOSPC, errno.EINVAL)
        kind = PermissionError if refused else OSError
        raise kind(number, f"{name}: {os.strerror(number)}")


def main() -> None:
    root, *command = sys.argv[1:]
    try:
        enter(Path(root))
    except PermissionError as error:
        sys.stderr.write(f"no empty root for this account: {error}\n")
        sys.exit(CANNOT)
    os.execv(command[0], command)  # nothing else is there to do it


if __name__ == "__main__":
    main()
