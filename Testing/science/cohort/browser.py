"""A real browser without a window, spoken to through a pipe: Chromium or Chrome, where there is one."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 60  # seconds for an answer; a machine under load is slow
SWITCHES = ("--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--window-size=1400,1000")

# It reads from 3 and writes to 4, whatever numbers the pipes have here.
LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
for place, end in zip((3, 4), ends):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Page:
    """An open page, in which expressions of JavaScript are evaluated."""

    def __init__(self, to: int, answers: int) -> None:
        self._to, self._answers, self._rest, self._number, self._session = to, answers, b"", 0, ""

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file anew, and wait until its own script has run."""
        if not self._session:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for address in ("about:blank", path.resolve().as_uri() + fragment):
            self.call("Page.navigate", url=address)
            end = time.monotonic() + PATIENCE
            while self("document.readyState + location.href.split('#')[0]") != f"complete{address.partition('#')[0]}":
                assert time.monotonic() < end, f"{address} does not load"
                time.sleep(0.05)

    def __call__(self, expression: str) -> Any:
        """The value of an expression, which JSON has to be able to hold."""
        made = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in made, made.get("exceptionDetails")
        return made["result"].get("value")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the DevTools protocol, and its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._answers], [], [], PATIENCE)[0], "the browser does not answer"
            block = os.read(self._answers, 1 << 20)
            assert block, "the browser ended"
            self._rest += block
        first, _, self._rest = self._rest.partition(b"\0")
        return json.loads(first)


def found() -> str | None:
    """A browser on this machine that can be spoken to so."""
    if sys.platform == "win32":
        return None
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """A browser with a profile of its own."""
    name = found()
    assert name
    theirs_in, to = os.pipe()
    answers, theirs_out = os.pipe()
    # As root, as in a container, it runs without its sandbox or not at all.
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    command = [sys.executable, "-c", LAUNCH, str(theirs_in), str(theirs_out), name, *SWITCHES, *root,
               f"--user-data-dir={profile}"]
    program = subprocess.Popen(command, pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Page(to, answers)
    finally:
        os.close(to)  # which ends it
        os.close(answers)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(10)
        program.kill()
        program.wait()
