"""What readers operate. Each widget is one class (`name.py`), one module (`name.js`) and its styles (`name.css`)."""

from .reassurance import Reassurance
from .timeline import Timeline

__all__ = ["Reassurance", "Timeline"]
