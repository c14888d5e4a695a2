"""What is loaded: numpy belongs to the scan alone."""

import subprocess
import sys


def test_nothing_but_the_scan_loads_numpy() -> None:
    program = (
        "import sys, db.operations, db.queries.duplicates, db.duplicates.candidates, tui.commands.duplicates;"
        " assert 'numpy' not in sys.modules; import db.duplicates.scan; assert 'numpy' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
