"""What repo2docker, and so Binder, would build from the bundle and from the repository: asked without a container engine."""

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from repo2docker.app import Repo2Docker

from military_diplomacy.directives import launch
from tools.bundle import BUNDLE, contents

ROOT = Path()


@pytest.fixture(params=[BUNDLE, ROOT], ids=["the bundle", "the repository"])
def build(request, monkeypatch):
    """The build pack that repo2docker picks for a folder."""
    monkeypatch.chdir(request.param)
    binder = Repo2Docker()
    packs = (pack(base_image=binder.base_image) for pack in binder.buildpacks)
    pack = next(pack for pack in packs if pack.detect())
    pack.platform = "linux/amd64"
    return pack


def test_binder_builds_python_3_11_with_the_pinned_set_in_a_layer_that_it_keeps(build):
    assert type(build).__name__ == "PythonBuildPack"
    assert build.python_version == "3.11"
    install = '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "requirements.txt"'
    assert [script for _, script in build.get_preassemble_scripts()] == [install]
    assert build.get_preassemble_script_files() == {"requirements.txt": "requirements.txt"}
    assert build.get_assemble_scripts() == [], "nothing is installed after the whole folder was copied"
    recipe = build.render()
    whole_folder = recipe.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    assert recipe.index("src/requirements.txt ${REPO_DIR}/requirements.txt") < recipe.index(install) < whole_folder
    assert build.get_post_build_scripts() == ["postBuild"]
    assert whole_folder < recipe.index("RUN ./postBuild")
    assert build.get_start_script() is None
    assert 'CMD ["jupyter", "notebook", "--ip", "0.0.0.0"]' in recipe


def test_no_other_file_would_make_binder_build_something_else(build):
    claimed = (
        "Dockerfile environment.yml Pipfile setup.py apt.txt start install.R Project.toml default.nix binder .binder"
    )
    assert not [name for name in claimed.split() if Path(name).exists()]
    lines = Path("requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == [], "pins and nothing else"
    pinned = dict(line.split("==") for line in lines)
    assert {"jupyterlab", "notebook", "jupytext", "ipywidgets", "nbgrader"} <= pinned.keys(), (
        "those that repo2docker's own base would bring in other versions"
    )


def test_the_bundle_s_post_build_needs_no_network_and_is_what_the_readme_says():
    step = (BUNDLE / "postBuild").read_text(encoding="utf-8").splitlines()[-1]
    assert step == "python set_up.py"
    assert '"--no-deps", "--no-index"' in (BUNDLE / "set_up.py").read_text(encoding="utf-8")
    readme = (BUNDLE / "README.md").read_text(encoding="utf-8")
    assert f"    python -m pip install -r requirements.txt\n    {step}\n    jupyter lab\n" in readme


def opened(address: str) -> str:
    """Return what an address of Binder opens, as a path in the bundle."""
    parts = urlsplit(address)
    assert (parts.netloc, parts.path) == ("mybinder.org", "/v2/gh/owner/learners/HEAD")
    (path,) = parse_qs(parts.query)["urlpath"]
    assert path.startswith("lab/tree/")
    return path.removeprefix("lab/tree/")


def test_a_page_s_launch_button_opens_its_notebook_and_the_front_page_s_the_readme():
    chapter = "book/cases/korean-peninsula"
    app = SimpleNamespace(
        config=SimpleNamespace(course={"learners_repository": "owner/learners"}, root_doc="book/index"),
        env=SimpleNamespace(metadata={chapter: {"kernelspec": {"name": "python3"}}}),
    )
    pages = {}
    for page in (chapter, "book/index", "search"):
        context = {"header_buttons": []}
        launch.add_button(app, page, "page.html", context, None)
        pages[page] = [opened(button["url"]) for button in context["header_buttons"]]
    assert pages == {chapter: ["chapters/cases/korean-peninsula.ipynb"], "book/index": ["README.md"], "search": []}
    assert (BUNDLE / pages[chapter][0]).is_file()
    app.config.course["learners_repository"] = ""
    context = {"header_buttons": []}
    launch.add_button(app, chapter, "page.html", context, None)
    assert context["header_buttons"] == [], "no address is made up"


def test_the_readme_leads_to_every_notebook_and_to_binder_once_there_is_a_repository():
    readme = (BUNDLE / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+\.ipynb)\)", readme)
    there = [path.relative_to(BUNDLE) for path in BUNDLE.rglob("*.ipynb")]
    assert sorted(linked) == sorted(path.as_posix() for path in there if not path.parts[0].startswith("."))
    for path in linked:
        assert nbformat.read(BUNDLE / path, as_version=4).metadata.kernelspec.name == "python3"
    assert "mybinder" not in contents("")
    (binder,) = re.findall(r"\((https://mybinder[^)]+)\)", contents("owner/learners"))
    assert opened(binder) == "README.md"
