"""Re-execution under load: SIGUSR2 makes the server start its binary anew on the same listener; what is lost."""

import collections
import concurrent.futures
import contextlib
import os
import signal
import time

import load
import processes
import servers

CLIENTS = 64
PAUSE = 1.0  # seconds between two handovers
PATIENCE = 10.0  # seconds that one may take
# Seconds without any process after which there is none: one whose parent ends while /proc is read is not found that time.
GONE = 1.0


def instances(server):
    """The living processes of the server's program that this benchmark started or adopted, oldest first."""
    found = []
    for pid in processes.tree(os.getpid()):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/exe") == os.path.realpath(server.command[0]):
                found.append((int(processes.stat(pid)[19]), pid))
    return [pid for _, pid in sorted(found)]


def hand_over(server):
    """One handover: seconds until a new process serves alone, or None where that did not happen in time."""
    before = instances(server)
    if not before:
        return None
    begin = seen = time.monotonic()
    os.kill(before[-1], signal.SIGUSR2)
    while time.monotonic() < begin + PATIENCE:
        time.sleep(0.02)
        processes.reap_ended()
        now = instances(server)
        if now:
            seen = time.monotonic()
            if not set(now) & set(before):
                return seen - begin
        elif time.monotonic() > seen + GONE:
            return None  # it ended, and nothing came after it
    return None


def run(server, web, mode, count):
    seconds = int(count * (PAUSE + 1.0)) + 2
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(servers.running(server, web.folder))
        stack.callback(end_all, server)
        with web.running():
            servers.check(server, web, mode)
        stack.enter_context(web.running())
        pool = load.write_pool(web, server.secure, 1)
        taken = []
        traffic = load.start_wrk(web.url(server.name, mode), pool, CLIENTS, seconds)
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            summary = executor.submit(load.finish_wrk, traffic, seconds + 60)
            time.sleep(1)
            while len(taken) < count and not summary.done():
                taken.append(hand_over(server))
                if taken[-1] is None:
                    traffic.send_signal(signal.SIGINT)  # it prints what it has
                    break
                time.sleep(PAUSE)
            result = summary.result()
        time.sleep(0.2)
        failures = web.failures()
        process.poll()
    lost = collections.Counter(status for status, waited in failures if status != "499" or waited > 1)
    done = [seconds for seconds in taken if seconds is not None]
    return {
        "server": server.name, "mode": mode, "asked": count, "done": len(done),
        "longest": max(done, default=None), "requests": result["requests"],
        "rate": result["requests"] / (result["microseconds"] / 1e6),
        "lost": result["status"] + result["socket"] + result["timeout"], "statuses": dict(lost)}


def end_all(server):
    """Ends the process that serves at last, which is not the one that was started."""
    left = instances(server)
    for ending in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, ending)
        for _ in range(100):
            processes.reap_ended()
            left = instances(server)
            if not left:
                return
            time.sleep(0.05)
