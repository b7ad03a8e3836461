#!/usr/bin/env python3
"""Checks that the source keeps to the architecture (docs/ARCHITECTURE.md), and names every line that does not.

    check_architecture.py [ROOT]

Layers: core < profiler < views < app; an include may only point into the same layer or a lower one. Folders within a
layer form no cycle; of the views, model, engine, icons and look are below the others and shell above them. LibTorch is met
only by core/torchscript and profiler/record, Qt only by views and app/gui, and never both in one translation unit.
Private headers (*_p.h) stay in their folder. No file is longer than 600 lines.
"""

import collections
import pathlib
import re
import sys
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

LAYERS = ("core", "profiler", "views", "app")
MAXIMUM_LINES = 600
SOURCES = (".cpp", ".h")
COUNTED = (*SOURCES, ".py", ".sh", ".cmake", ".txt")

TORCH = re.compile(r"<(torch|ATen|c10|caffe2)/")
QT = re.compile(r"<(Q[A-Z]\w*|Qt\w+/.*|q\w+\.h)>")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?P<what><[^>]+>|"(?P<path>[^"]+)")')

TORCH_FOLDERS = ("core/torchscript", "profiler/record")
TORCH_TEST_FOLDERS = ("tests/core/torchscript", "tests/profiler/record", "tests/bench", "tests/gpu")
LOWER_VIEWS = ("views/model", "views/engine", "views/icons", "views/look")
QT_FREE = ("core", "profiler", "app/cli")
# What is private because it shows LibTorch's types is open to the other folder that may see them.
PRIVATE_EXCEPTIONS = {("core/torchscript", "profiler/record")}


class Include(NamedTuple):
    line: int
    what: str  # with its quotes or brackets
    path: str  # from the root; empty for <...>


def folder_of(path: str) -> str:
    """The library a file belongs to: layer and folder, or what it mirrors below tests/."""
    parts = path.split("/")
    if parts[0] == "tests":
        return "/".join(parts[:4][: len(parts) - 1])
    return "/".join(parts[:2][: len(parts) - 1])


def is_below(folder: str, parents: Tuple[str, ...]) -> bool:
    return any(folder == parent or folder.startswith(parent + "/") for parent in parents)


class Tree:
    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.includes: Dict[str, List[Include]] = {}
        self.lines: Dict[str, int] = {}
        for path in self._files():
            text = path.read_text(encoding="utf-8", errors="replace").splitlines()
            name = path.relative_to(root).as_posix()
            self.lines[name] = len(text)
            if path.suffix in SOURCES:
                self.includes[name] = list(self._includes_of(text))

    def _files(self) -> Iterator[pathlib.Path]:
        for top in (*LAYERS, "tests", "plugins", "cmake", "scripts", "resources"):
            for path in sorted((self.root / top).rglob("*")):
                if path.is_file() and path.suffix in COUNTED:
                    if path.suffix != ".txt" or path.name == "CMakeLists.txt":
                        yield path

    @staticmethod
    def _includes_of(text: List[str]) -> Iterator[Include]:
        for number, line in enumerate(text, 1):
            if match := INCLUDE.match(line):
                yield Include(number, match["what"], match["path"] or "")

    def reaches(self, name: str, pattern: re.Pattern) -> bool:
        """Whether a file includes what matches, itself or through headers of ours."""
        seen: Set[str] = set()
        pending = [name]
        while pending:
            current = pending.pop()
            if current in seen:
                continue
            seen.add(current)
            for include in self.includes.get(current, []):
                if pattern.match(include.what):
                    return True
                pending.append(include.path)
        return False


def include_problems(name: str, include: Include) -> Iterator[str]:
    folder = folder_of(name)
    layer = folder.split("/")[0]
    in_tests = layer == "tests"
    if TORCH.match(include.what):
        if not (is_below(folder, TORCH_FOLDERS) or is_below(folder, TORCH_TEST_FOLDERS)):
            yield f"includes {include.what}; LibTorch is met only in {' and '.join(TORCH_FOLDERS)}"
    if QT.match(include.what) and is_below(folder, QT_FREE):
        yield f"includes {include.what}; there is no Qt in {', '.join(QT_FREE)}"
    target = folder_of(include.path)
    target_layer = target.split("/")[0]
    if target_layer not in (*LAYERS, "tests"):
        return
    if include.path.endswith("_p.h") and folder not in (target, f"tests/{target}", "tests/bench", "tests/fuzz"):
        if (target, folder) not in PRIVATE_EXCEPTIONS:
            yield f"includes {include.path}, which is private to {target}"
    if in_tests:
        return
    if target_layer == "tests":
        yield f"includes {include.path}; the program does not know its tests"
    elif LAYERS.index(target_layer) > LAYERS.index(layer):
        yield f"includes {include.path}; {layer} is below {target_layer}"
    elif layer == target_layer == "app" and target != folder:
        yield f"includes {include.path}; {folder} and {target} are two programs"
    elif layer == target_layer == "views" and target not in (folder, *LOWER_VIEWS) and folder != "views/shell":
        yield f"includes {include.path}; of the views, only shell knows more than itself and {', '.join(LOWER_VIEWS)}"


def cycle_problems(tree: Tree) -> Iterator[str]:
    """One message for each cycle between folders that the includes close."""
    uses: Dict[str, Set[str]] = collections.defaultdict(set)
    for name, includes in tree.includes.items():
        folder = folder_of(name)
        for include in includes:
            target = folder_of(include.path)
            if target != folder and folder.split("/")[0] in LAYERS and target.split("/")[0] in LAYERS:
                uses[folder].add(target)
    done: Set[str] = set()

    def visit(folder: str, path: List[str]) -> Iterator[str]:
        if folder in path:
            yield " -> ".join([*path[path.index(folder) :], folder]) + ": these folders include each other"
            return
        if folder in done:
            return
        for target in sorted(uses[folder]):
            yield from visit(target, [*path, folder])
        done.add(folder)

    for folder in sorted(uses):
        yield from visit(folder, [])


def problems(root: pathlib.Path) -> List[str]:
    tree = Tree(root)
    found = []
    for name, count in tree.lines.items():
        if count > MAXIMUM_LINES:
            found.append(f"{name}: has {count} lines; split it, {MAXIMUM_LINES} is the most")
    for name, includes in tree.includes.items():
        for include in includes:
            found += [f"{name}:{include.line}: {text}" for text in include_problems(name, include)]
        if tree.reaches(name, TORCH) and tree.reaches(name, QT):
            found.append(f"{name}: meets both LibTorch and Qt, itself or through its headers")
    return found + list(cycle_problems(tree))


def main() -> int:
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    if not any((root / layer).is_dir() for layer in LAYERS):
        print(f"check_architecture.py: {root} holds none of the folders {', '.join(LAYERS)}", file=sys.stderr)
        return 2
    found = problems(root)
    for text in found:
        print(text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
