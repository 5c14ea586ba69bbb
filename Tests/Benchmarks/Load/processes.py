"""Processes: starting and stopping those of the benchmark, and what the kernel tells about them."""

import contextlib
import ctypes
import hashlib
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
PR_SET_CHILD_SUBREAPER = 36

started = set()  # processes of `start`, which their Popen collects


def say(*words):
    """Tells on standard error how far the run is."""
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)


def prepare():
    """Raises the limit of descriptors and adopts what a server leaves behind when it re-executes itself."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def leave(*_):
        raise KeyboardInterrupt

    # SIGINT too: a shell starts what runs in the background with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def stat(pid):
    """The fields of /proc/PID/stat from the state on (the state is field 0)."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def tree(pid):
    """The process and all its living descendants."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            fields = stat(entry)
            if fields[0] != "Z":
                children.setdefault(int(fields[1]), []).append(int(entry))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def cpu_seconds(pid):
    """CPU time of the tree so far: the processes' own clocks, which count nanoseconds, and what they reaped."""
    total = 0.0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            # The clock id of another process's CPU time (CPUCLOCK_SCHED in the kernel's posix-timers.h).
            total += time.clock_gettime((~process << 3) | 2)
            total += sum(map(int, stat(process)[13:15])) / TICKS
    return total


def memory_mib(pid, kind="Pss"):
    """Resident memory of the tree, each page divided by the number of processes that share it (or its Rss)."""
    total = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            rollup = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
            total += int(re.search(rf"^{kind}:\s+(\d+)", rollup, re.MULTILINE)[1])
    return total / 1024


def thread_count(pid):
    total = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            total += int(stat(process)[17])
    return total


def descriptor_count(pid):
    total = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            total += len(os.listdir(f"/proc/{process}/fd"))
    return total


def start(arguments, folder=None, log=None, stdin=subprocess.DEVNULL, environment=None):
    """Starts a process in a group of its own, so that Ctrl-C reaches only the benchmark, which then stops it.

    Its output goes to the end of the log; without one its standard output is a pipe.
    """
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open(log, "ab")) if log else None
        process = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdin=stdin, stdout=output or subprocess.PIPE, stderr=output,
            process_group=0)
    started.add(process.pid)
    return process


def output(process, timeout):
    """What a process prints until it ends; it is ended when that takes too long or the benchmark is interrupted."""
    try:
        text, _ = process.communicate(timeout=timeout)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"{process.args[0]} exited with {process.returncode}: {text.decode()[-500:]}")
    return text.decode()


def stop(process, patience=8.0):
    """Ends a process and what is left of its own tree, by their ids."""
    family = tree(process.pid)
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        say(f"{process.args[0]} was still there {patience:g} s after SIGTERM")
        process.kill()
        process.wait()
    adopted = set(family[1:]) & set(tree(os.getpid()))
    for pid in adopted:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    reap(adopted)


def reap(pids):
    """Collects ended processes that this one has adopted."""
    for pid in pids:
        for _ in range(100):
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == pid:
                    break
            except OSError:
                break
            time.sleep(0.02)


def reap_ended():
    """Collects adopted processes that have ended, and leaves those that subprocess waits for to subprocess."""
    own = os.getpid()
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            fields = stat(entry)
            if fields[0] == "Z" and int(fields[1]) == own and int(entry) not in started:
                os.waitpid(int(entry), os.WNOHANG)


# How busy the machine is


def machine_busy_seconds():
    """CPU seconds that the machine has spent on anything, time stolen by its host included."""
    values = [int(v) for v in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return (sum(values) - values[3] - values[4]) / TICKS


def own_cpu_seconds():
    """CPU seconds of the benchmark itself and of the processes it has already reaped."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def fixed_work_ms():
    """Time of a fixed piece of work on one core, which shows how the machine's own speed drifts."""
    begin = time.process_time()
    hashlib.pbkdf2_hmac("sha1", b"a fixed piece", b"of work", 30_000)
    return (time.process_time() - begin) * 1000


class Patience:
    """Waits for an idle machine, 20 s at most at a time and `total` seconds in a whole run."""

    def __init__(self, total):
        self.left = total

    def wait(self):
        for _ in range(80):
            before = machine_busy_seconds()
            time.sleep(0.25)
            if machine_busy_seconds() - before < 0.05 or self.left <= 0:
                return
            self.left -= 0.25
