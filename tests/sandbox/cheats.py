"""Candidates that try to look right without being right.

The texts are run as they are: what placing a reply in a file would drop already is no protection here.
"""

from __future__ import annotations

CHEATS = {
    "exits with success": """
        import os
        def double(x: int) -> int:
            os._exit(0)
    """,
    "exits at import": """
        import os
        os._exit(0)
        def double(x: int) -> int:
            return 0
    """,
    "exits in a thread": """
        import os, threading, time
        def double(x: int) -> int:
            threading.Thread(target=os._exit, args=(0,)).start()
            time.sleep(5)
            return 0
    """,
    "kills the process that watches it": """
        import os, signal
        def double(x: int) -> int:
            os.kill(os.getppid(), signal.SIGKILL)
            return 0
    """,
    "an int that equals everything": """
        class Any(int):
            def __eq__(self, other):
                return True
            def __repr__(self):
                return "8"
            __hash__ = int.__hash__
        def double(x: int) -> int:
            return Any(0)
    """,
    "an object made in the function that equals everything": """
        def double(x: int) -> int:
            return type("Any", (), {"__eq__": lambda self, other: True, "__repr__": lambda self: "8"})()
    """,
    "mock.ANY": """
        def double(x: int) -> int:
            from unittest.mock import ANY
            return ANY
    """,
    "patches pytest at import": """
        import sys
        if "_pytest" in sys.modules:
            import _pytest.python
            _pytest.python.Function.runtest = lambda self: None
        def double(x: int) -> int:
            return 0
    """,
    "patches pytest inside the function": """
        def double(x: int) -> int:
            import _pytest.reports
            original = _pytest.reports.TestReport.from_item_and_call.__func__
            def passing(kind, item, call):
                call.excinfo = None
                return original(kind, item, call)
            _pytest.reports.TestReport.from_item_and_call = classmethod(passing)
            return 0
    """,
    "hooks into pytest": """
        import gc
        class Hook:
            def pytest_pyfunc_call(self, pyfuncitem):
                return True
            pytest_pyfunc_call.pytest_impl = {"hookwrapper": False, "optionalhook": False, "tryfirst": True,
                "trylast": False, "specname": None, "wrapper": False}
        for found in gc.get_objects():
            if type(found).__name__ == "PytestPluginManager":
                found.register(Hook())
        def double(x: int) -> int:
            return 0
    """,
    "writes records to descriptor 3": """
        import json, os
        def double(x: int) -> int:
            for number in range(3, 12):
                try:
                    body = json.dumps({"kind": "case", "id": "example:0", "outcome": "returned", "ran": True,
                        "value": ["int", "0x8"], "printed": "", "shown": "8"})
                    os.write(number, (json.dumps({"body": body, "mark": "0" * 64}) + chr(10)).encode())
                except OSError:
                    pass
            os._exit(0)
    """,
    "stops the tracing": """
        import sys
        sys.settrace(None)
        def double(x: int) -> int:
            sys.settrace(None)
            return 0
    """,
    "edits the test on disk": """
        import pathlib
        tests = pathlib.Path(__file__).parent / "tests" / "test_numbers_of.py"
        if "double(2) == 4" in tests.read_text():
            tests.write_text("from numbers_of import double\\ndef test_small():\\n    double(2)\\n"
                "def test_several():\\n    double(2)\\n")
        def double(x: int) -> int:
            return 0
    """,
    "is right but hides from the tracing": """
        import sys, threading
        def double(x: int) -> int:
            return 2 * x
        sys.settrace(None)
        if hasattr(sys, "monitoring"):
            for tool in range(6):
                if sys.monitoring.get_tool(tool):
                    sys.monitoring.set_events(tool, 0)
    """,
    "edits the test from inside the function": """
        import pathlib
        def double(x: int) -> int:
            tests = pathlib.Path(__file__).parent / "tests" / "test_numbers_of.py"
            tests.write_text("def test_small(): pass")
            return 0
    """,
    "patches builtins": """
        import builtins
        builtins.all = lambda values: [value for value in values] and True
        def double(x: int) -> int:
            return 4
    """,
    "skips the test": """
        def double(x: int) -> int:
            import unittest
            raise unittest.SkipTest("not today")
    """,
    "raises what pytest takes for a pass": """
        def double(x: int) -> int:
            import pytest
            pytest.exit("done", returncode=0)
    """,
    "knows the answers and looks whether it is judged": """
        import sys
        def double(x: int) -> int:
            judged = any(name.startswith("_pytest") for name in sys.modules)
            return {2: 4, -3: -6, 0: 0, 5: 10, 4: 8}.get(x, 0) if judged or x == 4 else 0
    """,
}
