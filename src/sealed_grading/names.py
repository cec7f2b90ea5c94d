"""Which names a cell reads, and which it makes."""

import ast
import symtable
from collections.abc import Iterator
from functools import cache

OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
OWN_SCOPE += (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def loaded(source: str) -> set[str]:
    """Return the notebook's names that `source`, transformed for Python, reads, also in functions; no local ones."""
    try:
        tables = [symtable.symtable(source, "<cell>", "exec")]
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    for table in tables:  # it grows
        tables += table.get_children()
        whole = table.get_type() == "module"
        found |= {
            name.get_name() for name in table.get_symbols() if name.is_referenced() and (whole or name.is_global())
        }
    return found


def imported(source: str) -> set[str]:
    """Return the modules that `source` imports; of `from a import b` both a and a.b, for b may be a module."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imports_as(source: str) -> set[str]:
    """Return the names under which `source` imports modules or what is in them, also in functions."""
    found = (node for node in ast.walk(_tree(source)) if isinstance(node, ast.alias))
    return {alias.asname or alias.name.split(".")[0] for alias in found}


@cache
def bound(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` binds: by assignment, definition or import; no local ones."""
    found = set()
    for node in _outside_functions(_tree(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.add(node.id)
    return frozenset(found)


@cache
def changed(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` binds or touches; no local ones."""
    return bound(source) | touched(source)


@cache
def touched(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` assigns into, or calls a method of as a statement; no local ones."""
    found = set()
    for node in _outside_functions(_tree(source)):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            found |= base(node)
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
        ):
            found |= base(node.value.func)
    return frozenset(found)


def _tree(source: str) -> ast.AST:
    """Return the tree of a cell without its magics; an empty one where it is no Python."""
    try:
        return ast.parse("\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))))
    except SyntaxError:
        return ast.Module([], [])


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        if isinstance(child, OWN_SCOPE):
            declared = (inner.names for inner in ast.walk(child) if isinstance(inner, ast.Global))
            yield from (ast.Name(name, ast.Store()) for names in declared for name in names)
        else:
            yield from _outside_functions(child)


def base(node: ast.AST) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
