"""Where the curated data are: in the checkout, or inside the installed wheel."""

from pathlib import Path


def seeds_folder() -> Path:
    """Return the folder that holds `datapackage.json`, `references.bib` and `data/`.

    Raises:
        FileNotFoundError: neither the checkout's `seeds/` nor the wheel's copy is there.
    """
    package = Path(__file__).resolve().parent
    places = (package / "seeds", package.parents[1] / "seeds")
    for place in places:
        if (place / "datapackage.json").is_file():
            return place
    raise FileNotFoundError(
        f"no datapackage.json in {' or '.join(map(str, places))}: install the course's wheel again, "
        "or work in a complete checkout"
    )
