"""Handlers that wait four seconds: how many are answered, and what a waiting one costs."""

import collections
import concurrent.futures
import json
import statistics
import sys
import time

import processes
import servers

CYCLE = 4  # seconds that the handler waits, and from one request of a client to its next at least


def run(server, web, clients, seconds):
    with servers.running(server, web.folder) as process:
        with web.running():
            servers.check(server, web, "closing")
        with web.running():
            used = processes.cpu_seconds(process.pid)
            crowd = processes.start(
                [sys.executable, str(servers.HERE / "clients.py"), str(web.port), f"/{server.name}/closing",
                 str(clients), str(seconds), str(CYCLE)])
            with concurrent.futures.ThreadPoolExecutor(1) as executor:
                printed = executor.submit(processes.output, crowd, seconds + 60)
                time.sleep(3)
                memory, threads = processes.memory_mib(process.pid), processes.thread_count(process.pid)
                answers = json.loads(printed.result())
            used = processes.cpu_seconds(process.pid) - used
    good = sorted(waited for status, waited in answers if status == "200")
    failed = collections.Counter(status for status, _ in answers if status != "200")
    return {
        "server": server.name, "clients": clients, "seconds": seconds, "offered": len(answers), "answered": len(good),
        "failed": dict(failed), "p50": statistics.median(good) if good else None, "max": good[-1] if good else None,
        "memory": memory, "threads": threads, "cpu_seconds": used}
