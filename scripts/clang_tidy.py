#!/usr/bin/env python3
"""Runs clang-tidy on the translation units of the program (not of its tests) that changed since they last passed.

    clang_tidy.py BUILD_FOLDER CACHE_FOLDER FOLDER...

Only files below the FOLDERs are looked at, which are those that have passed before: a folder is added when it is clean.
A file's key is the content of everything of ours that its object was made from (as ninja recorded it), of its
compile command and of .clang-tidy; a key that passed is remembered as an empty file in CACHE_FOLDER.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIDY = shutil.which("clang-tidy-14") or "clang-tidy"


def recorded_inputs(build: pathlib.Path) -> dict:
    """Object file -> the files it was made from, as ninja knows them."""
    text = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    inputs, current = {}, []
    for line in text.splitlines():
        if line.startswith("    "):
            current.append(line.strip())
        elif ": #deps" in line:
            current = inputs.setdefault(line.split(":")[0], [])
    return inputs


def compile_arguments(entry: dict) -> list:
    """The arguments after the compiler: a launcher such as ccache may stand before it."""
    words = shlex.split(entry["command"])
    compiler = next(i for i, word in enumerate(words) if os.path.basename(word).startswith(("c++", "g++", "clang++")))
    return words[compiler + 1 :]


def ours(path: pathlib.Path, build: pathlib.Path) -> bool:
    return path.is_relative_to(ROOT) and not path.is_relative_to(build)


def wanted(path: pathlib.Path, folders: list) -> bool:
    return any(path.is_relative_to(ROOT / folder) for folder in folders)


class Unit:
    def __init__(self, entry: dict, inputs: dict, build: pathlib.Path) -> None:
        self.file = pathlib.Path(entry["file"])
        self.folder = entry["directory"]
        words = compile_arguments(entry)
        self.output = words[words.index("-o") + 1] if "-o" in words else entry.get("output", "")
        # What belongs to the object and not to the language, GCC's own warnings and GCC's precompiled headers, which
        # clang cannot read, mean nothing here: every file includes what it needs.
        skip = {"-o", "-c"}
        self.arguments = []
        for index, word in enumerate(words):
            following = words[index + 1] if index + 1 < len(words) else ""
            before = words[index - 1] if index else ""
            if word in skip or before in skip or word.startswith("-fsanitize"):
                continue
            if "cmake_pch" in word or (word == "-include" and "cmake_pch" in following):
                continue
            self.arguments.append(word)
        digest = hashlib.sha256()
        digest.update((ROOT / ".clang-tidy").read_bytes())
        digest.update(" ".join(self.arguments).replace(str(ROOT), "").encode())
        for name in sorted(inputs.get(self.output, [])):
            path = pathlib.Path(os.path.normpath(os.path.join(self.folder, name)))
            if ours(path, build):
                digest.update(path.read_bytes() if path.exists() else b"gone")
        digest.update(self.file.read_bytes())
        self.key = digest.hexdigest()

    def check(self) -> tuple:
        command = [TIDY, "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(self.file), "--", *self.arguments]
        command += ["-w"]  # warnings are the compiler's business
        result = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        return result.returncode == 0, result.stdout + (result.stderr if "rror" in result.stderr else "")


def main() -> int:
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    build, cache = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    cache.mkdir(parents=True, exist_ok=True)
    entries = json.loads((build / "compile_commands.json").read_text())
    inputs = recorded_inputs(build)
    units = [Unit(entry, inputs, build) for entry in entries
             if wanted(pathlib.Path(entry["file"]), sys.argv[3:])]
    pending = [unit for unit in units if not (cache / unit.key).exists()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for unit, (passed, output) in zip(pending, pool.map(Unit.check, pending)):
            if passed:
                (cache / unit.key).touch()
            else:
                failed += 1
                print(output.strip())
    print(f"clang-tidy: {len(units)} files, {len(pending)} looked at, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
