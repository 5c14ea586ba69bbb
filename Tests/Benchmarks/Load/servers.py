"""The programs under test: which there are, how they are built and started, and that they do the work."""

import contextlib
import dataclasses
import os
import pathlib
import re
import socket
import subprocess
import time
import tomllib

import messages
import processes

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parents[2]
BASE = "classic-c"


@dataclasses.dataclass(eq=False)
class Server:
    """One row of servers.toml."""

    name: str
    program: str | None = None
    arguments: tuple = ()
    environment: dict = dataclasses.field(default_factory=dict)
    secure: bool = False
    beside: str | None = None
    slow: tuple = ()
    cgi: bool = False
    handover: bool = False
    group: str = "load"
    rules: int = 0

    @property
    def command(self):
        return [str(programs()[self.program]), *self.arguments]

    def settings(self, folder):
        """The environment that makes the account, and nothing inherited but where programs and libraries are."""
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "HOME", "LANG") if name in os.environ}
        account = {"WECHAT_TOKEN": messages.TOKEN}
        if self.secure:
            account |= {"WECHAT_APP_ID": messages.APP_ID, "WECHAT_AES_KEY": messages.AES_KEY,
                        "WECHAT_ENCRYPTION": "secure"}
        own = {name: value.replace("{folder}", str(folder)) for name, value in self.environment.items()}
        if self.rules:
            own["WECHAT_FCGI_CONFIG"] = str(self.rules_file(folder))
        return kept | account | own

    def rules_file(self, folder):
        """An account with so many rules, each for two words that nobody writes, and one for all other texts."""
        file = pathlib.Path(folder) / f"{self.name}.yaml"
        rules = "".join(
            f"      - text: [关键词{number}, keyword {number}]\n        reply: 回答 {number}\n"
            for number in range(self.rules))
        file.write_text(
            f"accounts:\n  - path: /wechat\n    token: {messages.TOKEN}\n    rules:\n{rules}      - text:\n"
            "        reply: '{{content}}'\n")
        return file


def table():
    """The rows of servers.toml."""
    return [Server(**row) for row in tomllib.loads((HERE / "servers.toml").read_text())["server"]]


def programs():
    """Where each program is once it is built."""
    return {
        "classic-c": CHECKOUT / ".bench/bin/classic-c",
        "small-bot": CHECKOUT / ".build-benchmarks/release/small-bot",
        "wechat-fcgi": CHECKOUT / ".build/release/wechat-fcgi"}


def build(names):
    """Builds the programs of these names, as they are shipped."""
    binaries = programs()
    swift = [CHECKOUT / "deploy/build"]
    binaries["classic-c"].parent.mkdir(parents=True, exist_ok=True)
    commands = {
        "classic-c": ["gcc", "-O2", "-Wall", "-Wextra", "-o", binaries["classic-c"], HERE.parent / "C/classic.c",
                      "-lfcgi", "-lexpat", "-lcrypto", "-lpthread"],
        # Without its cache the build sees files that came new in the package above.
        "small-bot": [*swift, "--package", HERE.parent, "--scratch", CHECKOUT / ".build-benchmarks",
                      "--product", "small-bot", "--", "--disable-build-manifest-caching"],
        "wechat-fcgi": swift}
    for name in names:
        processes.say("building", name)
        subprocess.run(commands[name], check=True, stdout=2)


@contextlib.contextmanager
def redis(folder):
    """A Redis of the run's own, on a socket in the folder."""
    path = pathlib.Path(folder) / "redis.sock"
    process = processes.start(
        ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder],
        folder, pathlib.Path(folder) / "redis.log")
    try:
        for _ in range(100):
            if path.exists():
                break
            time.sleep(0.05)
        yield
    finally:
        processes.stop(process)


@contextlib.contextmanager
def running(server, folder):
    """Runs a server on a socket of its own in the folder; yields its process, or None for nginx itself."""
    if server.program is None:
        yield None
        return
    path = pathlib.Path(folder) / f"{server.name}.sock"
    path.unlink(missing_ok=True)
    log = pathlib.Path(folder) / f"{server.name}.log"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(4096)
        process = processes.start(server.command, folder, log, stdin=listener, environment=server.settings(folder))
    try:
        time.sleep(0.5)
        if process.poll() is not None:
            raise RuntimeError(f"{server.name} exited with {process.returncode}: {log.read_text()[-500:]}")
        yield process
    finally:
        processes.stop(process)


def check(server, web, mode):
    """Refuses a server that does not do the work."""
    if server.program is None:
        return

    def exchange(text):
        query, body = messages.secure_request(text) if server.secure else (messages.query(), text)
        status, answer = web.post(f"/{server.name}/{mode}", query, body)
        if server.secure and (encrypted := re.search(r"<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>", answer)):
            answer = messages.decrypt(encrypted[1])
        return status, re.sub(r"<!\[CDATA\[(.*?)\]\]>", r"\1", answer)

    identifier = messages.take_ids(2)
    status, answer = exchange(messages.message(sender=7, identifier=identifier))
    wanted = [f"<ToUserName>{messages.open_id(7)}<", f"<FromUserName>{messages.ACCOUNT}<", "<MsgType>text<",
              f"<Content>{messages.TEXT}<", f"<CreateTime>{int(time.time()) // 100}"]
    missing = [part for part in wanted if part not in answer]
    if status != 200 or missing:
        raise RuntimeError(f"{server.name}, {mode}: {status} {answer!r} lacks {missing}")
    text = messages.message(identifier=identifier + 1)
    status, _ = web.post(f"/{server.name}/{mode}", messages.query(token="another"), text)
    if status != 403:
        raise RuntimeError(f"{server.name}, {mode}: a wrong signature was answered with {status}")
