"""Library of the course *Military Diplomacy in Conflict Resolution*.

`tables` reads the curated data, `references` the bibliography, `models` holds formal models, `charts` draws figures,
`widgets` holds what readers operate, `checks` is what the visible checks of the exercises call. `directives` serves only
the building of the book.
"""

__version__ = "0.1.0"
