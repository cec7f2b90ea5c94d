"""The last step of setting up, on Binder as on a machine of one's own: the course's library, and JupyterLab for a learner.

python set_up.py
"""

import json
import subprocess
import sys
from pathlib import Path

WHEELS = Path(__file__).resolve().parent / "wheels"
INSTALL = ("--no-deps", "--no-index", "--force-reinstall", "--find-links", str(WHEELS), "military-diplomacy")
FOR_INSTRUCTORS = ("assignment-list", "course-list", "create-assignment", "formgrader", "menu")  # Validate stays
ON_THE_SERVER = ("assignment_list", "course_list", "formgrader")
SETTINGS = {
    "etc/jupyter/labconfig/page_config.json": {
        "disabledExtensions": {f"@jupyter/nbgrader:{name}": True for name in FOR_INSTRUCTORS}
    },
    "etc/jupyter/jupyter_server_config.json": {
        "ServerApp": {"jpserver_extensions": {f"nbgrader.server_extensions.{name}": False for name in ON_THE_SERVER}}
    },
    # A text such as the README is shown as it reads, not as it is written, and nobody is asked about news.
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    },
}

if __name__ == "__main__":
    subprocess.run([sys.executable, "-m", "pip", "install", *INSTALL], check=True)
    for name, content in SETTINGS.items():
        path = Path(sys.prefix) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
