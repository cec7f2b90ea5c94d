"""JupyterLab for a browser to visit: started in a folder, from an environment, as a hub or Binder would, and stopped."""

import contextlib
import os
import re
import subprocess
import threading
from pathlib import Path

TOKEN = "only-for-this-test"


def variables(environment: Path, home: Path) -> dict[str, str]:
    """Return what a program sees that runs in an active environment with a home of its own, and in nothing else."""
    return {"HOME": str(home), "PATH": f"{environment / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}


@contextlib.contextmanager
def jupyter_lab(environment: Path, folder: Path, home: Path, base: str):
    """Give the address of a JupyterLab of `environment` in `folder` that lets in whoever has `TOKEN`; `base` is its path.

    Raises:
        RuntimeError: it ended before it had an address.
    """
    root = ["--allow-root"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [environment / "bin" / "jupyter", "lab", "--no-browser", *root, "--ip=127.0.0.1", "--port=0",
         f"--ServerApp.base_url={base}", f"--IdentityProvider.token={TOKEN}", "--LabApp.news_url=None",
         "--ServerApp.shutdown_no_activity_timeout=300", "--LabApp.expose_app_in_browser=True"],
        env=variables(environment, home), cwd=folder, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if found := re.search(rf"http://127\.0\.0\.1:\d+{base}", line):
                break
        else:
            raise RuntimeError(f"JupyterLab ended with exit code {process.wait()}:\n{''.join(said[-20:])}")
        # What Lab goes on saying must be read, or it would wait for room in the pipe.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=30)
