"""Runs the instructions of a Dockerfile on this machine, without a container engine."""

import json
import os
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.projects import Project

INSTRUCTION = re.compile(r"^([A-Z]+) ((?:.*\\\n)*.*)$", re.MULTILINE)
SYSTEM_PYTHON = "/usr/bin/python3"
"""A Python that every user may run, if there is one; it replaces the base image's."""


@dataclass
class Image:
    """A stage of a Dockerfile: its file system in a folder, and its configuration."""

    root: Path
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root.mkdir()
        python = SYSTEM_PYTHON if Path(SYSTEM_PYTHON).exists() else "3"
        Project(self.root).run("uv", "venv", "--quiet", "--seed", "--python", python, "python")
        self.environment["PATH"] = f"{self.root}/python/bin:/usr/bin:/bin"

    def locate(self, path: str) -> Path:
        return self.root / os.path.join(self.workdir, path).lstrip("/")

    def here(self, text: str) -> str:
        """Return the text with the image's paths moved into the folder."""
        return re.sub(r"(?<![\w.])(/{1,4})(?=(srv|data)\b)", lambda found: found[1][1:] + f"{self.root}/", text)

    def run(self, *command: str) -> None:
        Project(self.locate(".")).run("env", *self.variables(), *command)

    def as_user(self, *command: str) -> list[str]:
        """Return the command with the image's environment, and as the image's user if root runs it."""
        user, _, group = self.user.partition(":")
        drop = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"] if os.getuid() == 0 else []
        return [*drop, "env", "--ignore-environment", "HOME=/", *self.variables(), *command]

    def variables(self) -> list[str]:
        return [f"{name}={value}" for name, value in self.environment.items()]


def build(context: Path, root: Path) -> Image:
    """Run the context's Dockerfile, and return its last stage.

    Every stage uses the same folder, because an installed environment can't be moved; the earlier stage is renamed.
    """
    ignored = (context / ".dockerignore").read_text().splitlines()
    text = re.sub(r"^#.*\n", "", (context / "Dockerfile").read_text(), flags=re.MULTILINE)
    image, earlier = None, root.with_name(f"{root.name}-earlier")
    for name, value in INSTRUCTION.findall(text):
        value = value.replace("\\\n", "")
        if name == "FROM":
            if image is not None:
                root.rename(earlier)
            image = Image(root)
        elif name == "WORKDIR":
            image.workdir = value
            image.locate(".").mkdir(exist_ok=True)
        elif name == "ENV":
            for word in shlex.split(value):
                variable, _, content = word.partition("=")
                image.environment[variable] = image.here(content).replace("$PATH", image.environment["PATH"])
        elif name == "RUN":
            image.run("sh", "-euxc", image.here(re.sub(r"--mount=\S+", "", value)))
        elif name == "COPY":
            *sources, target = value.split()
            if sources[0] == "--from=build":
                shutil.copytree(earlier / sources[1].lstrip("/"), image.locate(target), symlinks=True)
                continue
            for source in sources:
                assert f"!{source}" in ignored, f".dockerignore leaves out {source}"
                copy = shutil.copytree if (context / source).is_dir() else shutil.copy
                copy(context / source, image.locate(target))
        elif name == "USER":
            image.user = value
        elif name == "CMD":
            image.command = json.loads(value)
        elif name == "HEALTHCHECK":
            image.health = json.loads(value.partition("CMD ")[2])
        else:
            assert name in ("EXPOSE", "VOLUME"), f"{name} is not supported here"
    return image
