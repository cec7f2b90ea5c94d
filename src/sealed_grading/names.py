"""Which names an instructor's cell reads, binds and changes."""

import ast
import symtable
from collections.abc import Iterator, Set
from functools import cache

from IPython.core.inputtransformer2 import TransformerManager

OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
OWN_SCOPE += (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
OUTSIDE = ("decorator_list", "bases", "keywords", "returns")  # of a definition, what is run where it stands
READ_AS_CODE = {"compile", "eval", "exec", "query", "loads", "run_docstring_examples"}
SHOWS = {"boxplot", "describe", "head", "hist", "info", "plot", "sample", "show", "tail"}  # methods that change nothing


@cache
def plain(source: str) -> str:
    """Return a cell as IPython transforms it for Python."""
    try:
        return TransformerManager().transform_cell(source)
    except SyntaxError:  # handed out to be mended
        return source


@cache
def _trees(source: str) -> tuple[ast.Module, ...]:
    """Return the trees of a cell and of what its magics run, such as the body of `%%time`; none where it is no Python."""
    text = plain(source)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ()
    inner: tuple[ast.Module, ...] = ()
    for node in ast.walk(tree):
        called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if called in ("run_cell_magic", "run_line_magic", "run_cell") and node.args:
            last = node.args[-1]
            if isinstance(last, ast.Constant) and isinstance(last.value, str) and last.value.strip():
                inner += _trees(last.value)
    return (tree, *inner)


@cache
def sets_up(source: str) -> list[tuple[str, frozenset[str]]]:
    """Return the statements of a cell that import, define, or give a name a plain value, each with the names that it binds."""
    found = []
    for node in (node for tree in _trees(source) for node in tree.body):
        plain_value = isinstance(node, ast.Assign) and _is_plain(node.value)
        if plain_value or isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
            text = ast.unparse(node)
            found.append((text, bound(text)))
    return found


def _is_plain(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


@cache
def loaded(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` reads, also in functions; no local ones."""
    found: set[str] = set()
    for tree in _trees(source):
        tables = [symtable.symtable(ast.unparse(tree), "<cell>", "exec")]
        for table in tables:  # it grows
            tables += table.get_children()
            whole = table.get_type() == "module"
            found |= {
                name.get_name() for name in table.get_symbols() if name.is_referenced() and (whole or name.is_global())
            }
        found |= {
            node.target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
        }
    return frozenset(found)


def imported(source: str) -> set[str]:
    """Return the modules that `source` imports; of `from a import b` both a and a.b, for b may be a module."""
    found = set()
    for node in (node for tree in _trees(source) for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imports_as(source: str) -> set[str]:
    """Return the names under which `source` imports modules or what is in them, also in functions."""
    found = (node for tree in _trees(source) for node in ast.walk(tree) if isinstance(node, ast.alias))
    return {alias.asname or alias.name.split(".")[0] for alias in found}


@cache
def bound(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` binds: by assignment, definition, import or match; no local ones."""
    found: set[str] = set()
    for node in (node for tree in _trees(source) for node in _outside_functions(tree)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias():
                found.add(node.asname or node.name.split(".")[0])
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
    return frozenset(found)


def starred(source: str) -> list[str]:
    """Return the modules of which `source` imports all names."""
    found = (node for tree in _trees(source) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return [node.module for node in found if node.module and any(each.name == "*" for each in node.names)]


def import_targets(source: str) -> dict[str, str]:
    """Return what `source` imports outside functions, by its name: `module`, or `module:what`."""
    found = {}
    for node in (node for tree in _trees(source) for node in _outside_functions(tree)):
        if isinstance(node, ast.Import):
            found |= {
                each.asname or each.name.split(".")[0]: each.name if each.asname else each.name.split(".")[0]
                for each in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {each.asname or each.name: f"{node.module}:{each.name}" for each in node.names}
    return found


def read_as_code(source: str, names: Set[str]) -> set[str]:
    """Return the functions of `source` that are given one of `names`, or what it gives, and run texts as code."""
    found = set()
    for node in (node for tree in _trees(source) for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [*node.args, *node.keywords]
        if called == "format" and isinstance(node.func, ast.Attribute):  # reads attributes of what it is given
            given = [node.func.value]
        elif called not in READ_AS_CODE:
            continue
        if any(isinstance(each, ast.Name) and each.id in names for part in given for each in ast.walk(part)):
            found.add(called)
    return found


def declared_global(source: str) -> dict[str, list[str]]:
    """Return the notebook's names that each function or class of `source` may bind when it is called, where there are any."""
    found = (node for tree in _trees(source) for node in ast.walk(tree) if isinstance(node, OWN_SCOPE[:3]))
    inside = {
        node.name: [name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names]
        for node in found
    }
    return {function: names for function, names in inside.items() if names}


@cache
def changed(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` binds or touches; no local ones."""
    return bound(source) | touched(source)


@cache
def touched(source: str) -> frozenset[str]:
    """Return the notebook's names that `source` assigns into, or calls a method of as a statement; no local ones."""
    return frozenset().union(*map(base, (node for tree in _trees(source) for node in _outside_functions(tree))))


@cache
def touched_inside(source: str) -> frozenset[str]:
    """Return the notebook's names that functions of `source` assign into, or call a method of as a statement; no local ones."""
    return frozenset().union(*(_touched_in(tree, frozenset()) for tree in _trees(source)))


def _touched_in(node: ast.AST, local: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for child in ast.iter_child_nodes(node):
        inside = local
        if isinstance(child, OWN_SCOPE):
            nodes = list(ast.walk(child))
            inside |= {each.arg for each in nodes if isinstance(each, ast.arg)}
            inside |= {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
            inside -= {name for each in nodes if isinstance(each, ast.Global) for name in each.names}
        found |= (base(child) - local) | _touched_in(child, inside)
    return found


def base(node: ast.AST) -> set[str]:
    """Return the name that stands at the left of what `node` assigns into, or calls as a statement."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        node = node.value.func
    elif not (isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)):
        return set()
    while isinstance(node, ast.Subscript | ast.Attribute):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in SHOWS:
            return set()
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _run_where_it_stands(definition: ast.AST) -> list[ast.AST]:
    """Return the decorators, defaults, annotations and bases of a function or a class."""
    found = [part for field in OUTSIDE for part in [getattr(definition, field, None)] if part]
    arguments = getattr(definition, "args", None)
    if arguments:
        found += [arguments.defaults, [part for part in arguments.kw_defaults if part]]
    return [each for part in found for each in (part if isinstance(part, list) else [part])]


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is not inside a function or a class, and what from inside binds the notebook's names."""
    for child in ast.iter_child_nodes(node):
        yield child
        if isinstance(child, OWN_SCOPE):
            for part in _run_where_it_stands(child):
                yield part
                yield from _outside_functions(part)
            for inner in ast.walk(child):
                if isinstance(inner, ast.Global):
                    yield from (ast.Name(name, ast.Store()) for name in inner.names)
                elif isinstance(inner, ast.NamedExpr) and not isinstance(child, OWN_SCOPE[:4]):  # in a comprehension
                    yield inner.target
        else:
            yield from _outside_functions(child)
