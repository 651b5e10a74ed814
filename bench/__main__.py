"""`python -m bench [NAME…]`: run the benchmarks one after the other, or those named.

All figures are ratios within one run; the machine's absolute speed says little.
"""

import subprocess
import sys
from pathlib import Path

NOT_BENCHMARKS = {"__init__", "__main__", "newsweb", "people", "processes"}


def main(names: list[str]) -> int:
    """Each in a process of its own; the number of those that failed."""
    known = sorted({file.stem for file in Path(__file__).parent.glob("*.py")} - NOT_BENCHMARKS)
    unknown = set(names) - set(known)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    failed = 0
    for name in names or known:
        print(f"\n== {name} ==", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
