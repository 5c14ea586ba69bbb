"""A long run at half load: whether memory and descriptors stay what they were."""

import concurrent.futures
import contextlib
import statistics
import time

import load
import processes
import servers

CLIENTS = 64
SEGMENTS = 10
LONGEST_SEGMENT = 300  # seconds: a signature is good for 600


def sample(process, begin):
    return {
        "at": time.monotonic() - begin, "pss": processes.memory_mib(process.pid),
        "rss": processes.memory_mib(process.pid, "Rss"), "descriptors": processes.descriptor_count(process.pid),
        "threads": processes.thread_count(process.pid)}


def run(server, web, minutes):
    """The samples and the segments of a soak of one server, on kept connections."""
    length = minutes * 60 / SEGMENTS
    segments = SEGMENTS
    while length > LONGEST_SEGMENT:
        segments, length = segments * 2, length / 2
    url = web.url(server.name, "kept")
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(servers.running(server, web.folder))
        stack.enter_context(web.running())
        servers.check(server, web, "kept")
        begin = time.monotonic()
        idle = sample(process, begin)
        pool = load.write_pool(web, False, 1)
        full = [load.wrk(url, pool, CLIENTS, 3) for _ in range(2)][-1]
        full_rate = full["requests"] / (full["microseconds"] / 1e6)
        # A connection's cycle at half the rate, less the time that the answer itself takes.
        pause = CLIENTS / (full_rate / 2) * 1000 - full["p50"] / 1000 / 2
        processes.say(f"soak: {server.name}: {full_rate:.0f} requests/s at full load, {minutes:g} minutes at half")
        samples, parts = [], []
        executor = stack.enter_context(concurrent.futures.ThreadPoolExecutor(1))
        for number in range(segments):
            pool = load.write_pool(web, False, 1)
            used = processes.cpu_seconds(process.pid)
            traffic = executor.submit(load.wrk, url, pool, CLIENTS, max(1, round(length)), max(0.01, pause))
            while not traffic.done():
                concurrent.futures.wait([traffic], timeout=max(0.5, min(10, length / 12)))
                if not traffic.done():
                    samples.append(sample(process, begin) | {"segment": number})
            result = traffic.result()
            used = processes.cpu_seconds(process.pid) - used
            parts.append({
                "rate": result["requests"] / (result["microseconds"] / 1e6), "requests": result["requests"],
                "failed": result["status"] + result["socket"] + result["timeout"], "p99": result["p99"] / 1000,
                "cpu": used / max(1, result["requests"]) * 1e6})
        failures = len(web.failures())
        load.settle(process)
        time.sleep(2)
        after = sample(process, begin)
    return {"server": server.name, "minutes": minutes, "full_rate": full_rate, "idle": idle, "after": after,
            "samples": samples, "segments": parts, "refused_by_nginx": failures}


def part(row, number, key):
    """The median of a figure over a tenth of the run."""
    per_tenth = len(row["segments"]) // SEGMENTS
    wanted = range(number * per_tenth, (number + 1) * per_tenth)
    values = [entry[key] for entry in row["samples"] if entry["segment"] in wanted]
    return statistics.median(values) if values else None


def verdict(row):
    """What grew from the first tenth to the last; an empty list where nothing did."""
    grown = []
    for key, unit, slack in (("pss", "MiB", 0.5), ("rss", "MiB", 0.5), ("descriptors", "", 4), ("threads", "", 1)):
        first, last = part(row, 0, key), part(row, SEGMENTS - 1, key)
        if first is None or last is None:
            grown.append(f"{key}: not sampled")
        elif last > first * 1.05 + slack:
            grown.append(f"{key}: {first:.1f} to {last:.1f} {unit}".rstrip())
    return grown
