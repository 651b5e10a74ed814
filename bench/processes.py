"""What a command costs with all its processes: seconds, CPU seconds, peak memory."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """`cpu` sums all processes of the command; `peak_mb` is the largest single one."""

    seconds: float
    cpu: float
    peak_mb: float


def cost_of(command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> Cost:
    """Run a command in a session of its own and watch every process in it.

    Raises RuntimeError with what it said if it fails.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, text=True,
    )  # fmt: skip
    cpu: dict[int, float] = {}
    peak: dict[int, float] = {}
    while process.poll() is None:
        _look(process.pid, cpu, peak)
        time.sleep(0.02)
    seconds = time.monotonic() - started
    assert process.stderr is not None
    said = process.stderr.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {said[-2000:]}")
    return Cost(seconds=seconds, cpu=sum(cpu.values()), peak_mb=max(peak.values(), default=0.0))


def _look(session: int, cpu: dict[int, float], peak: dict[int, float]) -> None:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(stat[3]) != session:
                continue
            pid = int(entry.name)
            cpu[pid] = (int(stat[11]) + int(stat[12])) / TICKS
            high = next(
                (line for line in (entry / "status").read_text().splitlines() if "VmHWM" in line),
                "VmHWM: 0 kB",
            )
            peak[pid] = max(peak.get(pid, 0.0), int(high.split()[1]) / 1024)
        except (OSError, ValueError, IndexError):
            continue
