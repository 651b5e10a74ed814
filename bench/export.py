"""Speed and size of corpora: N generated texts imported, then exported to every format twice.

    python -m bench.export --texts 100000 --work corpus-bench

Every step runs in a process of its own, so that its peak memory is its own. Texts are drawn from
a fixed seed: Azerbaijani, Russian and English, two to four kilobytes each, some with tracked names
and prisoner counts.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

FORMATS = ("jsonl", "csv", "parquet", "tei", "sqlite", "warc")
NOW = "2026-10-01T00:00:00Z"
OUTLETS = 20
WORDS = {
    "az": """məhkəmə iclas hakim vəkil prokuror şahid sübut qərar tələb vəsatət ailə jurnalist
        redaksiya müstəntiq polis şəhər rayon ötən həftə bildirib deyib qeyd edib keçirilib
        sənəd məsələ vəziyyət təcridxana müdafiə ictimai nümayəndə""",
    "ru": """суд заседание судья адвокат прокурор свидетель доказательство решение требование
        ходатайство семья журналист редакция следователь полиция город район прошлой недели
        сообщил заявил отметил состоялось документ вопрос положение изолятор защита""",
    "en": """court hearing judge lawyer prosecutor witness evidence decision demand motion family
        journalist newsroom investigator police city district last week reported said noted was
        held document question situation detention defence public representative""",
}
NEWS = {
    "az": ("{name} məhkəmədə ifadə verib.", "İttifaqın siyahısında {n} siyasi məhbus var.",
           "{given} {family} saxlanılıb."),
    "ru": ("{name} дал показания в суде.", "В списке союза {n} политзаключённых.",
           "{given} {family} задержан."),
    "en": ("{name} testified in court.", "The Union listed {n} political prisoners.",
           "{given} {family} was detained."),
}  # fmt: skip
NAMES = ("Ülvi Həsənli", "Sevinc Vaqifqızı", "Nərgiz Absalamova", "Abzas Media", "Bəhruz Səmədov")
GIVEN, FAMILY = "Elçin Kamran Rəşad Aysel Günel".split(), "Qasımov Rzayev Məlikov Hacıyev".split()


def texts(number: int) -> Iterator[dict[str, str]]:
    """The lines of the import, each a JSON object as docs/exports.md has it."""
    draw = random.Random(20260101)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for serial in range(number):
        lang = ("az", "ru", "en")[serial % 3]
        at = start + timedelta(minutes=11 * serial)
        outlet = f"outlet-{serial % OUTLETS:02}"
        yield {
            "url": f"https://{outlet}.example/{serial}",
            "source": outlet,
            "fetched_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "published": at.strftime("%Y-%m-%d"),
            "title": f"{_sentence(draw, lang)[:60]} {serial}",
            "text": _text(draw, lang),
        }


def _text(draw: random.Random, lang: str) -> str:
    size = draw.randint(1000, 2400)
    sentences: list[str] = []
    while sum(map(len, sentences)) < size:
        sentences.append(_sentence(draw, lang))
    for place in draw.sample(range(len(sentences)), 2):
        sentences[place] = draw.choice(NEWS[lang]).format(
            name=draw.choice(NAMES), n=draw.randint(200, 400), given=draw.choice(GIVEN),
            family=draw.choice(FAMILY),
        )  # fmt: skip
    return "\n".join(" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))


def _sentence(draw: random.Random, lang: str) -> str:
    words = draw.choices(WORDS[lang].split(), k=draw.randint(6, 16))
    return " ".join(words).capitalize() + "."


def write_texts(path: Path, number: int) -> None:
    """The import file, made once."""
    with path.open("w", encoding="utf-8") as lines:
        for text in texts(number):
            lines.write(json.dumps(text, ensure_ascii=False) + "\n")


def measured(arguments: list[str]) -> tuple[float, int]:
    """Run `monitor` with these arguments; seconds, and the peak memory of one process in MB."""
    command = [sys.executable, "-m", "monitor", *arguments]
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: ended with {child.returncode}")
    return time.monotonic() - began, usage.ru_maxrss // 1024


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of every file of an export, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def main() -> None:
    """Generate, import, export twice, and print one line a step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--work", type=Path, default=Path("corpus-bench"))
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    lines, data = given.work / "texts.jsonl", given.work / "data"
    if not lines.exists():
        write_texts(lines, given.texts)
    seconds, memory = measured(["--data", str(data), "--now", NOW, "import", str(lines)])
    rate = given.texts / seconds
    print(f"import {given.texts} texts: {seconds:.0f} s, {rate:.0f}/s, peak {memory} MB")
    for name in FORMATS:
        _export_twice(given.work, data, name)


def _export_twice(work: Path, data: Path, name: str) -> None:
    folders = [work / f"{name}-{turn}" for turn in (1, 2)]
    options = ["--data", str(data), "--now", NOW, "export", "--format", name, "--with-text", "-o"]
    timed = [measured([*options, str(folder)]) for folder in folders]
    first, second = (digests(folder) for folder in folders)
    size = sum(path.stat().st_size for path in folders[0].rglob("*") if path.is_file())
    same = "byte-identical" if first == second else "DIFFERENT"
    seconds, memory = min(timed)[0], max(peak for _, peak in timed)
    print(f"{name}: {seconds:.0f} s, {size / 1e6:.0f} MB, peak {memory} MB, second {same}")


if __name__ == "__main__":
    main()
