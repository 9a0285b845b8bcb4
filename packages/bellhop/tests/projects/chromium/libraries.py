"""htmx, Turbo and React as npm has them, and esbuild, which makes one file of a page's modules."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from projects.harness.foreign_projects import FOLDER
from projects.harness.fronts import documented

SOURCE: Final = Path(__file__).parent / "elements/react_page.jsx"


def libraries() -> Path:
    """Return the folder of the installed packages: the tests' image's, or the one beside package.json."""
    image = Path(os.environ.get("NODE_PACKAGES", "/nonexistent")) / "libraries/node_modules"
    found = image if image.is_dir() else FOLDER / "libraries/node_modules"
    assert found.is_dir(), f"npm ci, in {found.parent}"
    return found


def react_page(folder: Path) -> Path:
    """Make one module of a page that uses the hooks of docs/bell.md, as a project does; return its folder.

    What the server serves stays an import.
    """
    hooks = [
        documented("bell.md", "js", "headless.js"),
        documented("bell.md", "jsx", "useNotifications"),
        "export { client };",
    ]
    sources, made = folder / "react", folder / "made"
    sources.mkdir()
    (sources / "documented.jsx").write_text("\n".join(hooks))
    shutil.copy(SOURCE, sources)
    subprocess.run(
        [
            *(str(libraries() / ".bin/esbuild"), str(sources / SOURCE.name)),
            *("--bundle", "--format=esm", "--jsx=automatic", "--external:/static/*"),
            *('--define:process.env.NODE_ENV="production"', "--log-level=error"),
            f"--outdir={made}",
        ],
        env={**os.environ, "NODE_PATH": str(libraries())},
        check=True,
    )
    return made
