#!/usr/bin/env python3
"""The architecture check finds what it promises to find, and nothing else."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import check_architecture  # noqa: E402


class CheckArchitecture(unittest.TestCase):
    def problems(self, files: dict) -> list:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return check_architecture.problems(root)

    def refused(self, name: str, include: str, reason: str) -> None:
        found = self.problems({name: f"// A file.\n\n#include {include}\n"})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(name), found)
        self.assertIn(reason, found[0])

    def accepted(self, name: str, include: str) -> None:
        self.assertEqual(self.problems({name: f"#include {include}\n"}), [])

    def test_includes_point_down(self) -> None:
        self.refused("core/ir/graph.h", '"profiler/record/recorder.h"', "core is below profiler")
        self.refused("core/ir/graph.h", '"views/model/selection.h"', "core is below views")
        self.refused("profiler/record/a.cpp", '"views/model/selection.h"', "profiler is below views")
        self.refused("views/graph/a.cpp", '"app/gui/main.h"', "views is below app")
        self.accepted("app/cli/a.cpp", '"profiler/record/recorder.h"')
        self.accepted("views/graph/a.cpp", '"core/ir/graph.h"')

    def test_views_know_only_those_below_them(self) -> None:
        self.refused("views/graph/a.cpp", '"views/timeline/b.h"', "only shell")
        self.refused("views/model/a.cpp", '"views/graph/b.h"', "only shell")
        self.refused("views/graph/a.cpp", '"views/shell/b.h"', "only shell")
        self.refused("views/engine/a.cpp", '"views/passes/b.h"', "only shell")
        self.accepted("views/graph/a.cpp", '"views/model/b.h"')
        self.accepted("views/passes/a.cpp", '"views/engine/b.h"')
        self.accepted("views/shell/a.cpp", '"views/graph/b.h"')

    def test_programs_are_apart(self) -> None:
        self.refused("app/gui/a.cpp", '"app/cli/b.h"', "two programs")

    def test_torch_has_two_places(self) -> None:
        for header in ("<torch/script.h>", "<ATen/ATen.h>", "<c10/util/Exception.h>", "<caffe2/serialize/inline_container.h>"):
            self.refused("core/document/a.cpp", header, "LibTorch is met only")
            self.refused("views/graph/a.cpp", header, "LibTorch is met only")
            self.accepted("core/torchscript/a.cpp", header)
            self.accepted("core/torchscript/passes/a.cpp", header)
            self.accepted("profiler/record/a.cpp", header)
            self.accepted("tests/core/torchscript/a.cpp", header)
        self.refused("tests/core/ir/a.cpp", "<torch/script.h>", "LibTorch is met only")

    def test_qt_stays_in_the_window(self) -> None:
        for header in ("<QString>", "<QtCore/QString>", "<qglobal.h>"):
            self.refused("core/ir/a.cpp", header, "no Qt")
            self.refused("profiler/record/a.cpp", header, "no Qt")
            self.refused("app/cli/a.cpp", header, "no Qt")
            self.accepted("views/graph/a.cpp", header)
            self.accepted("app/gui/a.cpp", header)
            self.accepted("tests/core/ir/a.cpp", header)

    def test_torch_never_meets_qt(self) -> None:
        files = {"tests/core/torchscript/a.cpp": "#include <QTest>\n#include <torch/script.h>\n"}
        self.assertEqual(len(self.problems(files)), 1)
        files = {
            "tests/core/torchscript/a.cpp": '#include <QTest>\n#include "tests/core/torchscript/b.h"\n',
            "tests/core/torchscript/b.h": "#include <torch/script.h>\n",
        }
        found = self.problems(files)
        self.assertEqual(len(found), 1)
        self.assertIn("both LibTorch and Qt", found[0])

    def test_private_headers_stay_at_home(self) -> None:
        self.refused("core/scene/a.cpp", '"core/layout/b_p.h"', "private to core/layout")
        self.refused("tests/core/scene/a.cpp", '"core/layout/b_p.h"', "private to core/layout")
        self.refused("app/cli/a.cpp", '"core/torchscript/session_p.h"', "private to core/torchscript")
        self.accepted("core/torchscript/passes/a.cpp", '"core/torchscript/b_p.h"')
        self.accepted("tests/core/layout/a.cpp", '"core/layout/b_p.h"')
        self.accepted("tests/bench/a.cpp", '"profiler/record/b_p.h"')
        self.accepted("profiler/record/a.cpp", '"core/torchscript/session_p.h"')

    def test_the_program_does_not_know_its_tests(self) -> None:
        self.refused("core/ir/a.cpp", '"tests/core/ir/graph_builder.h"', "does not know its tests")

    def test_folders_form_no_cycle(self) -> None:
        found = self.problems({
            "core/ir/a.h": '#include "core/document/b.h"\n',
            "core/document/b.h": '#include "core/support/c.h"\n',
            "core/support/c.h": '#include "core/ir/a.h"\n',
        })
        self.assertEqual(len(found), 1, found)
        self.assertIn("include each other", found[0])

    def test_files_are_short(self) -> None:
        self.assertEqual(self.problems({"core/ir/a.cpp": "int x;\n" * 600}), [])
        self.assertEqual(len(self.problems({"core/ir/a.cpp": "int x;\n" * 601})), 1)
        self.assertEqual(len(self.problems({"scripts/a.py": "x = 1\n" * 601})), 1)

    def test_all_problems_are_told(self) -> None:
        found = self.problems({"core/ir/a.cpp": '#include <QString>\n#include <torch/script.h>\n#include "app/gui/a.h"\n'})
        self.assertEqual(len(found), 4, found)  # and that both meet
        self.assertTrue(all(text.startswith("core/ir/a.cpp") for text in found))


if __name__ == "__main__":
    unittest.main()
