"""Folders of one container in a volume of another: what is edited meanwhile is not edited there."""

import io
import tarfile

from docker.models.containers import Container

LEFT_OUT = (".git", "tests/artifacts")
"""Of a clone: no test looks into it."""


def copy(source: Container, target: Container, folder: str, **added: str) -> None:
    """Fill a folder of a container that does not run yet with that of another one, and with files of that text."""
    chunks, _ = source.get_archive(folder)
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as found,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for entry in found:
            entry.name = entry.name.partition("/")[2] or "."
            if not any(f"{entry.name}/".startswith(f"{name}/") for name in LEFT_OUT):
                archive.addfile(entry, found.extractfile(entry) if entry.isreg() else None)
        for name, text in added.items():
            entry = tarfile.TarInfo(f"{name}.py")
            entry.size, entry.mode = len(text.encode()), 0o644
            archive.addfile(entry, io.BytesIO(text.encode()))
    target.put_archive(folder, packed.getvalue())
