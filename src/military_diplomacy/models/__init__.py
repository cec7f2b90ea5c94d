"""Formal models of the course: one file a model, pure functions, neither plots nor widgets.

Each function says its formula, units, range and source, and which part of it is the course's own simplification.
Widgets show the same functions in JavaScript; a test compares the two.
"""
