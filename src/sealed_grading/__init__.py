"""Grading that cannot be forged, for any nbgrader course folder.

No verdict is computed in, or read as code from, a process that a student controls; points need positive evidence; every
submission ends in one explained state; one submission never touches another.
"""

VERSION = "1"
