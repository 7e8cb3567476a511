"""``make bundle``: all that the server needs, as the root of a file system with nothing beside it.

The interpreter that runs this is copied with its library, the packages that ``[server]`` asks for
and the C libraries that any of them is linked with, its loader included. So the bundle is what was
tested: the same interpreter and the same packages, found where Python itself looks for them.
"""

from __future__ import annotations

import compileall
import fcntl
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path, PurePosixPath
from typing import Any, Final

import certifi
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build"
BUNDLE: Final = BUILD / "bundle"
ACCOUNT: Final = 65532  # nobody's; distroless images use the same

_PYTHON: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"
_HOME: Final = PurePosixPath("opt/erp")
_LIBRARY: Final = _HOME / "lib" / _PYTHON
_PACKAGES: Final = _LIBRARY / "site-packages"
_AUTHORITIES: Final = PurePosixPath("etc/ssl/certs/ca-certificates.crt")

# No server wants them; readline, dbm and curses would bring libraries under the GPL along.
_LEFT_IN_LIBRARY: Final = (
    *("*-packages", "__phello__", "__pycache__", "config-*", "sitecustomize.py"),
    *("_test*", "_xx*", "test", "tests", "xx*"),
    *("_tkinter*", "idlelib", "pydoc_data", "tkinter", "turtle.py", "turtledemo"),
    *("_curses*", "_dbm*", "_gdbm*", "curses", "dbm", "readline*"),
    *("distutils", "ensurepip", "lib2to3", "msilib", "nis.*", "ossaudiodev*", "venv"),
)
# Tests and tools of others, and decoders for pictures that a logo may not be.
_LEFT_IN_PACKAGES: Final = (
    *("*.c", "*.h", "*.pxd", "*.pyi", "*.pyx", "__pycache__"),
    *("bin", "testing", "tests"),
    *("_avif.*", "isoschematron", "libavif-*", "objectify.*"),
)
_ACCOUNTS: Final = {
    "etc/passwd": (
        f"root:x:0:0:root:/root:/sbin/nologin\nerp:x:{ACCOUNT}:{ACCOUNT}:ERP:/data:/sbin/nologin\n"
    ),
    "etc/group": f"root:x:0:\nerp:x:{ACCOUNT}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
# Isolated, so that no variable and no file of the volume is taken for code; unbuffered, for the
# log; UTF-8 whatever the locale, which an empty root does not have.
_PROGRAM: Final = """\
#!/{python} -IuXutf8
import os, sys
os.environ.setdefault("SSL_CERT_FILE", "/{authorities}")
if "/{packages}" not in sys.path:
    sys.path.append("/{packages}")
from erp_app.__main__ import run
run()
"""


def main() -> None:
    """Bring the bundle up to date; with ``--pack`` its archive as well.

    One at a time: who comes second finds it done.
    """
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _once("foundation", _fingerprint((Path(__file__),), _settled()), _lay_foundation)
        wanted = _fingerprint(_own_sources(), _settled())
        _once("own", wanted, _lay_own)
        unpacked = sum(each.lstat().st_size for each in BUNDLE.rglob("*"))
        print(f"{_shown(BUNDLE)}: {unpacked / 1e6:.0f} MB")
        if "--pack" in sys.argv[1:]:
            archive = BUILD / f"erp-{_project()['version']}-linux-{os.uname().machine}.tar.gz"
            _once("packed", wanted, lambda: _pack(archive))
            print(f"{_shown(archive)}: {archive.stat().st_size / 1e6:.0f} MB")


def _once(name: str, wanted: str, make: Callable[[], None]) -> None:
    """Make what is not there yet, or not as *wanted*."""
    stamp = BUILD / f".{name}"
    if BUNDLE.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(wanted)


def _lay_foundation() -> None:
    """Lay out all that is not ours, which takes a minute and seldom changes."""
    (BUILD / ".own").unlink(missing_ok=True)
    shutil.rmtree(BUNDLE, ignore_errors=True)
    for name in ("data", "dev", "proc", "run", "sys", "tmp"):
        (BUNDLE / name).mkdir(parents=True)
    (BUNDLE / "data").chmod(0o700)
    _copy_interpreter()
    for each in _distributions():
        _copy_distribution(each)
    _compile(BUNDLE / _LIBRARY, keep_sources=False)
    _strip(_binaries())
    _copy_linked(_binaries())
    _write_system()


def _copy_interpreter() -> None:
    program = BUNDLE / _HOME / "bin" / _PYTHON
    program.parent.mkdir(parents=True)
    shutil.copy2(Path(sys.executable).resolve(), program)
    for scheme in ("stdlib", "platstdlib"):
        shutil.copytree(
            sysconfig.get_path(scheme),
            BUNDLE / _LIBRARY,
            ignore=shutil.ignore_patterns(*_LEFT_IN_LIBRARY),
            dirs_exist_ok=True,
        )


def _copy_distribution(found: Distribution) -> None:
    """Copy what a package's own list names; what lies outside of site-packages is for a shell."""
    left_out = shutil.ignore_patterns(*_LEFT_IN_PACKAGES)
    for each in found.files or ():
        if ".." in each.parts or left_out("", list(each.parts)):
            continue
        target = BUNDLE / _PACKAGES / each
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(found.locate_file(each)), target)


def _lay_own() -> None:
    for folder in _own_folders():
        target = BUNDLE / _PACKAGES / folder.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns("__pycache__", "testing"))
        # Ours keep their sources: alembic reads them, and a traceback shows its lines.
        _compile(target, keep_sources=True)


def _compile(folder: Path, *, keep_sources: bool) -> None:
    """Compile what is in *folder*, under the names that it will have."""
    done = compileall.compile_dir(
        folder,
        maxlevels=20,
        quiet=1,
        legacy=not keep_sources,
        stripdir=str(BUNDLE),
        prependdir="/",
        # The time of a file is no sign of its age in an image; nobody edits one either.
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        workers=os.cpu_count() or 1,
    )
    if not done:
        raise SystemExit(f"bundle: not all of {_shown(folder)} could be compiled, see above")
    if not keep_sources:
        for each in folder.rglob("*.py"):
            each.unlink()


def _binaries() -> list[Path]:
    """Return the programs and libraries in the bundle; an ELF file says so in its first bytes."""
    return [
        each
        for each in sorted(BUNDLE.rglob("*"))
        if each.is_file() and not each.is_symlink() and _begins(each, b"\x7fELF")
    ]


def _begins(file: Path, magic: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(magic)) == magic


def _strip(binaries: Iterable[Path]) -> None:
    """Take the debugger's tables out, where there is a tool for it: a quarter of all."""
    strip = shutil.which("strip")
    plain = [str(each) for each in binaries if not _was_patched(each)]
    if strip and plain:
        subprocess.run([strip, "--strip-unneeded", *plain], check=True)


def _was_patched(binary: Path) -> bool:
    """Tell whether a wheel's maker moved a library in it, after which strip may break it."""
    return binary.parent.suffix == ".libs" or b"$ORIGIN" in binary.read_bytes()


def _copy_linked(binaries: Iterable[Path]) -> None:
    """Copy the C libraries that *binaries* are linked with, and those that these are."""
    linked = {}
    for line in _ldd(binaries):
        name, _, found = line.strip().partition(" => ")
        path = Path((found or name).partition(" (")[0])
        if "not found" in found:
            raise SystemExit(f"bundle: {name} is needed and not installed here")
        if path.is_absolute() and BUNDLE not in path.parents:
            linked[path.name] = path
    libc = linked["libc.so.6"]
    for path in _opened_by_name(libc.parent):
        linked[path.name] = path
    fresh = []
    for name, path in sorted(linked.items()):
        # The loader has one place, which every program names; the rest goes where it looks first.
        folder = path.parent if name.startswith("ld-") else libc.parent
        target = BUNDLE / folder.relative_to("/") / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path.resolve(), target)
            fresh.append(target)
    _strip(each for each in fresh if "libpython" in each.name)


def _ldd(binaries: Iterable[Path]) -> Iterator[str]:
    ran = subprocess.run(["ldd", *map(str, binaries)], capture_output=True, text=True, check=True)
    for line in ran.stdout.splitlines():
        if line.startswith("\t") and ("=>" in line or line.startswith("\t/")):
            yield line


def _opened_by_name(folder: Path) -> list[Path]:
    """Return what the C library opens by itself: no program says that it is linked with it."""
    unwinder = folder / "libgcc_s.so.1"  # ends a thread that is still there at the exit
    if not unwinder.exists():
        raise SystemExit(f"bundle: {unwinder} is missing; on Debian it is in libgcc-s1")
    # Looks hosts up; newer C libraries hold all of it themselves.
    names = ("libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2")
    return [unwinder, *(folder / name for name in names if (folder / name).exists())]


def _write_system() -> None:
    _write(
        "usr/bin/erp",
        _PROGRAM.format(
            python=_HOME / "bin" / _PYTHON, authorities=_AUTHORITIES, packages=_PACKAGES
        ),
    )
    (BUNDLE / "usr/bin/erp").chmod(0o755)
    for name, text in _ACCOUNTS.items():
        _write(name, text)
    _write(_AUTHORITIES, Path(certifi.where()).read_text(encoding="utf-8"))


def _write(name: str | PurePosixPath, text: str) -> None:
    target = BUNDLE / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _pack(archive: Path) -> None:
    """Pack the bundle so that the same contents give the same bytes."""
    for old in BUILD.glob("erp-*.tar.gz"):
        old.unlink()
    with tarfile.open(archive, "w:gz", compresslevel=6) as packed:
        for each in sorted(BUNDLE.iterdir()):
            packed.add(each, each.name, filter=_owned)


def _owned(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    owner = ACCOUNT if PurePosixPath(entry.name).parts[0] == "data" else 0
    entry.uid = entry.gid = owner
    entry.uname = entry.gname = ""
    entry.mtime = 0
    return entry


def _settled() -> list[str]:
    """Return what the foundation is made of, in words that change when it does."""
    return [sys.version, *(f"{each.name}=={each.version}" for each in _distributions())]


def _distributions() -> list[Distribution]:
    """Return what ``erp-suite[server]`` needs, and what that needs, as installed here."""
    found: dict[str, Distribution] = {}
    project = _project()
    extras = project["optional-dependencies"]
    asked = [Requirement(each) for each in extras["server"]]
    while asked:
        requirement = asked.pop()
        if requirement.name == project["name"]:
            asked += [Requirement(each) for extra in requirement.extras for each in extras[extra]]
            continue
        name = canonicalize_name(requirement.name)
        if name not in found:
            found[name] = distribution(requirement.name)
        for each in found[name].requires or ():
            needed = Requirement(each)
            wanted = [{"extra": extra} for extra in (*requirement.extras, "")]
            applies = not needed.marker or any(needed.marker.evaluate(env) for env in wanted)
            if applies and canonicalize_name(needed.name) not in found:
                asked.append(needed)
    return [found[name] for name in sorted(found)]


def _project() -> dict[str, Any]:
    return dict(_pyproject()["project"])


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _own_folders() -> list[Path]:
    wheel = _pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]
    return [ROOT / each for each in wheel["packages"]]


def _own_sources() -> Iterator[Path]:
    yield Path(__file__)
    for folder in _own_folders():
        yield from (
            each
            for each in sorted(folder.rglob("*"))
            if each.is_file() and "__pycache__" not in each.parts
        )


def _fingerprint(files: Iterable[Path], words: Iterable[str]) -> str:
    digest = hashlib.sha256("\n".join(words).encode())
    for each in files:
        digest.update(f"\n{each.relative_to(ROOT)}\n".encode())
        digest.update(each.read_bytes())
    return digest.hexdigest()


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
