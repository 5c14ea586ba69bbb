"""Measures the servers of servers.toml side by side behind one nginx. deploy/bench is its entry."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import cold
import handover
import load
import processes
import servers
import slow
import soak
import tables
import webserver

PARTS = ("load", "slow", "cgi", "reexec")


def arguments():
    parser = argparse.ArgumentParser(prog="deploy/bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--servers", metavar="NAME,NAME", help="only these of servers.toml")
    every.add_argument("--no-build", action="store_true", help="measure what was built before")
    measure = commands.add_parser("measure", parents=[every], help="the default: everything but the soak")
    measure.add_argument("--rounds", type=int, default=5, help="how often each cell is measured (5)")
    measure.add_argument("--seconds", type=int, default=2, help="length of a cell under load (2)")
    measure.add_argument("--only", default=",".join(PARTS), metavar="PART,PART", help=f"of {', '.join(PARTS)}")
    measure.add_argument("--patience", type=float, default=900, help="seconds to wait for an idle machine, in all (900)")
    measure.add_argument("--quick", action="store_true", help="one short round, to see that all works")
    long = commands.add_parser("soak", parents=[every], help="half load for a long time")
    long.add_argument("--minutes", type=float, default=10)
    stores = commands.add_parser("stores", parents=[every], help="what handling each message once costs, by store")
    stores.add_argument("--rounds", type=int, default=5, help="how often each cell is measured (5)")
    stores.add_argument("--seconds", type=int, default=2, help="length of a cell (2)")
    stores.add_argument("--patience", type=float, default=900, help="seconds to wait for an idle machine, in all (900)")
    rules = commands.add_parser("rules", parents=[every], help="what a thousand rules cost beside ten")
    rules.add_argument("--rounds", type=int, default=5, help="how often each cell is measured (5)")
    rules.add_argument("--seconds", type=int, default=2, help="length of a cell (2)")
    rules.add_argument("--patience", type=float, default=900, help="seconds to wait for an idle machine, in all (900)")
    report = commands.add_parser("report", help="prints the tables of earlier raw results")
    report.add_argument("file", type=pathlib.Path)
    commands.add_parser("entries", parents=[every], help="prints the programs as entries for another harness")
    words = sys.argv[1:]
    if not words or words[0].startswith("-") and words[0] not in ("-h", "--help"):
        words = ["measure", *words]
    return parser.parse_args(words)


def machine():
    def first_line(*command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, cwd=servers.CHECKOUT)
        except OSError:
            return "unknown"
        return (done.stdout.splitlines() or ["unknown"])[0]

    model = [line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    packages = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "nginx", "wrk", "gcc", "libfcgi-dev", "libexpat1-dev",
         "libssl-dev"], capture_output=True, text=True).stdout.splitlines()
    return {"cpu": model[0] if model else "unknown", "system": release.get("PRETTY_NAME", "Linux").strip('"'),
            "kernel": first_line("uname", "-r"), "swift": first_line("swift", "--version"), "packages": packages,
            "commit": first_line("git", "describe", "--always", "--dirty"), "date": time.strftime("%Y-%m-%d %H:%M")}


def chosen(names, group):
    rows = [row for row in servers.table() if row.group == group]
    if not names:
        return rows
    wanted = set(names.split(","))
    if unknown := wanted - {row.name for row in rows}:
        sys.exit(f"no such server: {', '.join(sorted(unknown))}; there are {', '.join(row.name for row in rows)}")
    wanted |= {row.beside for row in rows if row.name in wanted and row.beside}
    return [row for row in rows if row.name in wanted]


class Run:
    """One run: its servers, its folder of working files, and the results, which are saved after every step."""

    def __init__(self, options, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        self.rows = chosen(options.servers, options.command if options.command in ("stores", "rules") else "load")
        if not options.no_build:
            servers.build(dict.fromkeys(row.program for row in self.rows if row.program))
        self.web = webserver.WebServer(self.folder, [row.name for row in self.rows if row.program])
        self.data = {"machine": machine(), "load": [], "memory": [], "slow": [], "cgi": [], "reexec": [], "soak": [],
                     "failures": []}
        results = servers.CHECKOUT / ".bench/results"
        results.mkdir(parents=True, exist_ok=True)
        self.file = results / time.strftime("%Y%m%d-%H%M%S.json")

    def step(self, what, work):
        """Does one part; a server that fails is reported and the run goes on without that part."""
        try:
            result = work()
        except (RuntimeError, OSError, ValueError, subprocess.SubprocessError) as error:
            self.data["failures"].append(f"{what}: {error}")
            processes.say(what, "FAILED:", error)
            return []
        processes.say(what, "done")
        return result if isinstance(result, list) else [result]

    def save(self):
        self.file.write_text(json.dumps(self.data, indent=1))
        self.file.with_suffix(".md").write_text(tables.report(self.data))

    def measure(self):
        options = self.options
        parts, rounds, seconds, levels = options.only.split(","), options.rounds, options.seconds, load.LEVELS
        runs, handovers, slow_seconds = 50, 20, 12
        if options.quick:
            rounds, seconds, levels, runs, handovers, slow_seconds = 1, 1, (16, 256), 10, 3, 6
        if unknown := set(parts) - set(PARTS):
            sys.exit(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
        patience = processes.Patience(min(options.patience, 20) if options.quick else options.patience)
        for number in range(rounds if "load" in parts else 0):
            for cells, memory in self.step(f"load: round {number + 1}", lambda: [load.one_round(
                    number, self.rows, self.web, levels, seconds, patience)]):
                self.data["load"] += cells
                self.data["memory"] += memory
            self.save()
        for number in range(rounds if "cgi" in parts else 0):
            self.data["cgi"] += self.step(f"cgi: round {number + 1}", lambda: cold.one_round(
                number, [row for row in self.rows if row.cgi], self.folder, runs, patience))
            self.save()
        for row in self.rows if "slow" in parts else []:
            for clients in row.slow[:1] if options.quick else row.slow:
                self.data["slow"] += self.step(f"slow: {row.name}, {clients} clients", lambda: slow.run(
                    row, self.web, clients, slow_seconds))
                self.save()
        for row in [row for row in self.rows if row.handover and "reexec" in parts]:
            for mode in ("handover", "closing"):
                self.data["reexec"] += self.step(f"reexec: {row.name}, {mode}", lambda: handover.run(
                    row, self.web, mode, handovers))
                self.save()

    def stores(self):
        with servers.redis(self.folder):
            self.beside()

    def beside(self):
        """Rows that are measured beside another, at one level."""
        options = self.options
        patience = processes.Patience(options.patience)
        for number in range(options.rounds):
            for cells, memory in self.step(f"{options.command}: round {number + 1}", lambda: [load.one_round(
                    number, self.rows, self.web, (load.RATIO_LEVEL,), options.seconds, patience)]):
                self.data["load"] += cells
                self.data["memory"] += memory
            self.save()

    def soak(self):
        rows = [row for row in self.rows if row.program and not row.beside]
        if not self.options.servers:
            rows = [row for row in rows if row.handover]
        for row in rows:
            self.data["soak"] += self.step(f"soak: {row.name}", lambda: soak.run(row, self.web, self.options.minutes))
            self.save()


def print_entries(options):
    """The programs as TOML, each with its command, what it needs in its environment and what it can do."""
    if not options.no_build:
        servers.build(["small-bot", "wechat-fcgi"])
    for row in servers.table():
        if row.program in ("small-bot", "wechat-fcgi") and not row.beside and row.group == "load":
            print("[[server]]")
            print(f"name = {json.dumps(row.name)}")
            print(f"spawn = {json.dumps(row.command)}")
            print(f"cgi = {json.dumps(row.command)}")
            print('env = { WECHAT_TOKEN = "hello" } # export it too where a CGI call does not get this')
            print(f"slow = {json.dumps(list(row.slow))}\n")


def main():
    options = arguments()
    if options.command == "report":
        return print(tables.report(json.loads(options.file.read_text())))
    if options.command == "entries":
        return print_entries(options)
    processes.prepare()
    with tempfile.TemporaryDirectory(prefix="wechat-fcgi-bench-") as folder:
        run = Run(options, folder)
        try:
            {"measure": run.measure, "stores": run.stores, "rules": run.beside, "soak": run.soak}[options.command]()
        finally:
            run.save()
    print(tables.report(run.data))
    processes.say("raw results:", run.file.relative_to(servers.CHECKOUT))
    grown = [grown for row in run.data["soak"] for grown in soak.verdict(row)]
    return 1 if run.data["failures"] or grown else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
