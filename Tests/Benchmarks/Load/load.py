"""Echo of a text message under load: every server in turn at each number of clients, round by round."""

import contextlib
import json
import time

import messages
import processes
import servers

LEVELS = (1, 16, 64, 256)
RATIO_LEVEL = 16
NOISY = 0.08  # share of the machine that other processes may take before a cell is run again
ATTEMPTS = 3


def start_wrk(url, pool, clients, seconds, cycle_ms=0.0):
    """Starts wrk; with a cycle each of its connections pauses that long before every request."""
    threads = min(2, clients)
    first = messages.take_ids(1_000_000_000)
    return processes.start([
        "wrk", f"-t{threads}", f"-c{clients}", f"-d{seconds}s", "--timeout", "8s",
        "-s", str(servers.HERE / "post.lua"), url, "--", str(pool), str(threads), str(first), str(cycle_ms)])


def finish_wrk(process, timeout):
    """What the script of a wrk prints at its end."""
    return json.loads(processes.output(process, timeout).splitlines()[-1])


def wrk(url, pool, clients, seconds, cycle_ms=0.0):
    """One whole run of wrk."""
    return finish_wrk(start_wrk(url, pool, clients, seconds, cycle_ms), seconds + 60)


def write_pool(web, secure, seconds):
    path = web.folder / "pool.txt"
    messages.write_pool(path, secure, min(100_000, 20_000 * seconds) if secure else 1000)
    return path


def cell(server, process, web, mode, clients, seconds):
    """One server, one way to connect, one number of clients."""
    pool = write_pool(web, server.secure, seconds)
    work = processes.fixed_work_ms()
    with web.running() as front:
        pids = [front.pid] + ([process.pid] if process else [])
        before = [processes.cpu_seconds(pid) for pid in pids]
        busy, own, begin = processes.machine_busy_seconds(), processes.own_cpu_seconds(), time.monotonic()
        result = wrk(web.url(server.name, mode), pool, clients, seconds)
        wall = time.monotonic() - begin
        busy, own = processes.machine_busy_seconds() - busy, processes.own_cpu_seconds() - own
        used = [processes.cpu_seconds(pid) - earlier for pid, earlier in zip(pids, before)]
        time.sleep(0.15)  # nginx takes note of the requests that wrk gave up
        failures = web.failures()
    if process:
        settle(process)
    requests = max(1, result["requests"])
    return {
        "server": server.name, "mode": mode, "clients": clients,
        "cpu": used[1] / requests * 1e6 if process else None, "nginx_cpu": used[0] / requests * 1e6,
        "rate": result["requests"] / (result["microseconds"] / 1e6),
        "p50": result["p50"] / 1000, "p99": result["p99"] / 1000, "max": result["max"] / 1000,
        "failed": result["status"] + result["socket"],
        # wrk forgets the requests that have no answer at its end; nginx logs them as 499 with the time they waited.
        "unanswered": sum(status == "499" and waited > 0.8 * seconds for status, waited in failures),
        "fixed_work_ms": work, "foreign": max(0.0, busy - own - sum(used)) / wall / processes.CORES}


def settle(process):
    """Waits until the server has worked off what the load left behind, 8 s at most."""
    last = processes.cpu_seconds(process.pid)
    for _ in range(80):
        time.sleep(0.1)
        now = processes.cpu_seconds(process.pid)
        if now - last < 0.003:
            return
        last = now


def quiet_cell(patience, *arguments):
    """A cell while nothing else used the machine; where that cannot be had, the quietest of three."""
    tries = []
    while len(tries) < ATTEMPTS and (not tries or tries[-1]["foreign"] >= NOISY):
        patience.wait()
        tries.append(cell(*arguments))
        if patience.left <= 0:
            break
    return min(tries, key=lambda row: row["foreign"]) | {"tries": len(tries)}


def turns(rows, number):
    """The servers, begun with another one each round, each variant right behind the one it is compared with."""
    main = [server for server in rows if not server.beside]
    main = main[number % len(main):] + main[:number % len(main)]
    return [one for server in main for one in [server, *(v for v in rows if v.beside == server.name)]]


def one_round(number, rows, web, levels, seconds, patience):
    """All cells of a round, and each server's memory before and after."""
    results, memory = [], []
    with contextlib.ExitStack() as stack:
        main = {server: stack.enter_context(servers.running(server, web.folder))
                for server in rows if not server.beside}
        for server, process in main.items():
            if process:
                row = {"server": server.name, "round": number, "idle": processes.memory_mib(process.pid)}
                memory.append(row)
            prepare(server, web, ("kept", "closing"))
        for mode in ("kept", "closing"):
            for clients in levels:
                with contextlib.ExitStack() as inner:
                    alive = dict(main)
                    if clients == RATIO_LEVEL:
                        for server in (row for row in rows if row.beside):
                            alive[server] = inner.enter_context(servers.running(server, web.folder))
                            prepare(server, web, (mode,))
                    for server in turns(list(alive), number):
                        if server.program is None and mode == "closing":
                            continue
                        row = quiet_cell(patience, server, alive[server], web, mode, clients, seconds)
                        results.append(row | {"round": number})
                processes.say(f"load: round {number + 1}, {mode}, {clients} clients")
        for row in memory:
            process = next(process for server, process in main.items() if server.name == row["server"])
            row["after"] = processes.memory_mib(process.pid)
            row["threads"] = processes.thread_count(process.pid)
    return results, memory


def prepare(server, web, modes):
    """Checks that a server does the work, and warms it up."""
    with web.running():
        for mode in modes:
            servers.check(server, web, mode)
        wrk(web.url(server.name, modes[0]), write_pool(web, server.secure, 1), RATIO_LEVEL, 1)
