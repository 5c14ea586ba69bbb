"""The tables of a run, as Markdown."""

import statistics

import cold
import load
import processes
import servers
import soak


def number(value):
    """Three significant digits, which is more than a run can tell."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def markdown(title, head, rows):
    cells = [[str(value) for value in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]

    def line(row):
        padded = [value.ljust(width) if column == 0 else value.rjust(width)
                  for column, (value, width) in enumerate(zip(row, widths))]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 2) if column == 0 else "-" * (width + 1) + ":"
                          for column, width in enumerate(widths)) + "|"
    return "\n".join([f"### {title}", "", line(cells[0]), rule, *map(line, cells[1:])])


class Results:
    """The rows of a run, asked by server and cell; every figure is a median over the rounds."""

    def __init__(self, data):
        self.data = data
        self.cells = {(row["server"], row["mode"], row["clients"], row["round"]): row for row in data["load"]}
        self.rounds = sorted({row["round"] for row in data["load"]})

    def names(self):
        return list(dict.fromkeys(row["server"] for row in self.data["load"]))

    def values(self, field, server, mode, clients):
        rows = (self.cells.get((server, mode, clients, number)) for number in self.rounds)
        return [row[field] for row in rows if row and row[field] is not None]

    def median(self, field, *cell):
        values = self.values(field, *cell)
        return statistics.median(values) if values else None

    def most(self, field, *cell):
        return max(self.values(field, *cell), default=None)

    def ratios(self, field, server, base, mode, clients):
        """The server's figure by the base's, round by round."""
        pairs = ((self.cells.get((server, mode, clients, n)), self.cells.get((base, mode, clients, n)))
                 for n in self.rounds)
        return [one[field] / other[field] for one, other in pairs if one and other and one[field] and other[field]]

    def ratio(self, field, server, base, mode, clients):
        return spread(self.ratios(field, server, base, mode, clients))


def spread(values):
    """A median with the lowest and the highest."""
    if not values:
        return "–"
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def load_tables(results):
    variants = {server.name: server.beside for server in servers.table() if server.beside}
    out = []
    for mode, title in (("kept", "Kept connections"), ("closing", "A connection for each request")):
        rows = []
        for name in results.names():
            for clients in sorted({key[2] for key in results.cells if key[:2] == (name, mode)}):
                if name in variants:
                    continue
                cell = (name, mode, clients)
                rows.append([
                    name, clients, number(results.median("cpu", *cell)),
                    results.ratio("cpu", name, servers.BASE, mode, clients), number(results.median("rate", *cell)),
                    results.ratio("rate", name, servers.BASE, mode, clients), number(results.median("p50", *cell)),
                    number(results.median("p99", *cell)), number(results.most("failed", *cell)),
                    number(results.most("unanswered", *cell))])
        if rows:
            out.append(markdown(
                f"{title}: echo of a text message",
                ["server", "clients", "CPU µs/request", f"÷ {servers.BASE}", "requests/s", f"÷ {servers.BASE} ",
                 "p50 ms", "p99 ms", "failed", "never answered"], rows))
    rows = [[name, base, mode, number(results.median("cpu", name, mode, load.RATIO_LEVEL)),
             results.ratio("cpu", name, base, mode, load.RATIO_LEVEL)]
            for name, base in variants.items() for mode in ("kept", "closing")
            if results.values("cpu", name, mode, load.RATIO_LEVEL)]
    if rows:
        out.append(markdown(f"Variants, {load.RATIO_LEVEL} clients",
                            ["server", "beside", "connections", "CPU µs/request", "÷"], rows))
    memory = results.data["memory"]
    rows = []
    for name in dict.fromkeys(row["server"] for row in memory):
        mine = [row for row in memory if row["server"] == name]
        rows.append([name, *(number(statistics.median(row[key] for row in mine)) for key in ("idle", "after")),
                     number(max(row["threads"] for row in mine))])
    if rows:
        out.append(markdown("Resident memory (PSS)", ["server", "idle MiB", "after the load MiB", "threads"], rows))
    return out


def slow_table(rows):
    lines = [[row["server"], number(row["clients"]), number(row["offered"]), number(row["answered"]),
              " ".join(f"{status}: {count}" for status, count in sorted(row["failed"].items())) or "0",
              number(row["p50"]), number(row["max"]), number(row["memory"]), row["threads"],
              number(row["cpu_seconds"])] for row in rows]
    return markdown(
        f"Handlers that wait four seconds, offered for {rows[0]['seconds']} s, a connection for each request",
        ["server", "clients", "offered", "answered", "failed", "p50 s", "max s", "PSS MiB", "threads", "CPU s"], lines)


def cold_figures(rows):
    """server -> (wall ms, CPU ms, ratios to the base round by round)."""
    rounds = sorted({row["round"] for row in rows})

    def median(name, key, round_number=None):
        values = [row[key] for row in rows
                  if row["server"] == name and round_number in (None, row["round"])]
        return statistics.median(values) if values else None

    figures = {}
    for name in dict.fromkeys(row["server"] for row in rows):
        ratios = [median(name, "ms", n) / base for n in rounds if (base := median(servers.BASE, "ms", n))]
        figures[name] = median(name, "ms"), median(name, "cpu_ms"), ratios
    return figures


def cold_table(rows):
    lines = [[name, number(wall), number(cpu), spread(ratios)]
             for name, (wall, cpu, ratios) in cold_figures(rows).items()]
    return markdown("A process for each request (CGI), from spawning it to its exit",
                    ["program", "ms", "CPU ms", f"÷ {servers.BASE}"], lines)


def handover_table(rows):
    lines = [[row["server"], row["mode"], f"{row['done']} of {row['asked']}", number(row["longest"]),
              number(row["requests"]), number(row["rate"]), number(row["lost"]),
              " ".join(f"{status}: {count}" for status, count in sorted(row["statuses"].items())) or "–"]
             for row in rows]
    return markdown("Re-execution (SIGUSR2) under load",
                    ["server", "connections", "handovers", "longest s", "requests", "requests/s", "lost", "why"], lines)


def soak_tables(rows):
    out = []
    for row in rows:
        lines = [["before", *(number(row["idle"][key]) for key in ("rss", "pss", "descriptors", "threads")), "–", "–", "–"]]
        per_tenth = len(row["segments"]) // soak.SEGMENTS
        for tenth in range(soak.SEGMENTS):
            parts = row["segments"][tenth * per_tenth:(tenth + 1) * per_tenth]
            lines.append([f"tenth {tenth + 1}", *(number(soak.part(row, tenth, key))
                                                  for key in ("rss", "pss", "descriptors", "threads")),
                          number(statistics.mean(part["rate"] for part in parts)),
                          number(statistics.mean(part["p99"] for part in parts)),
                          number(sum(part["failed"] for part in parts))])
        lines.append(["after", *(number(row["after"][key]) for key in ("rss", "pss", "descriptors", "threads")), "–", "–", "–"])
        grown = soak.verdict(row)
        title = (f"Soak: {row['server']}, {row['minutes']:g} minutes at half of {row['full_rate']:,.0f} requests/s, "
                 "kept connections")
        out.append(markdown(title, ["", "RSS MiB", "PSS MiB", "descriptors", "threads", "requests/s", "p99 ms", "failed"], lines))
        out.append("**" + ("Flat: the last tenth is as the first." if not grown else "Grew: " + "; ".join(grown)) + "**")
    return out


def summary(results):
    """The figures that are watched from version to version, a row each."""
    data, shown = results.data, ["small-bot-no-store", "small-bot", "wechat-fcgi"]
    level, rows = load.RATIO_LEVEL, []
    beside = {"log": "wechat-fcgi-logging", "secure": {name: f"{name}-secure" for name in shown}}

    def add(title, cells):
        if any(cell not in (None, "–") for cell in cells):
            rows.append([title, *(cell or "–" for cell in cells)])

    for mode, how in (("kept", "kept connections"), ("closing", "closing")):
        add(f"CPU per request, {how}, {level} clients, ÷ {servers.BASE}",
            [results.ratio("cpu", name, servers.BASE, mode, level) for name in shown])
    add("the same with a log line a request, kept, ÷ without",
        [None, None, results.ratio("cpu", beside["log"], "wechat-fcgi", "kept", level)])
    levels = sorted({key[2] for key in results.cells})
    never = [[results.most("unanswered", name, mode, clients) for mode in ("kept", "closing") for clients in levels]
             for name in shown]
    add("clients never answered, any level, kept or closing",
        [number(max((v for v in values if v is not None), default=None)) for values in never])
    if levels:
        add(f"p99 at {levels[-1]} clients, kept, ÷ nginx's own static answer",
            [results.ratio("p99", name, "nginx", "kept", levels[-1]) for name in shown])
    add("secure mode, CPU per request, kept, ÷ plain",
        [results.ratio("cpu", beside["secure"][name], name, "kept", level) for name in shown])
    most = max((row["clients"] for row in data["slow"]), default=0)
    slow = {row["server"]: row for row in data["slow"] if row["clients"] == most}
    add(f"{most:,} clients with handlers that wait 4 s: answered of offered (PSS MiB)",
        [f"{slow[n]['answered']:,} of {slow[n]['offered']:,} ({number(slow[n]['memory'])})" if n in slow else None
         for n in shown])
    idle = {name: [row["idle"] for row in data["memory"] if row["server"] == name] for name in shown}
    add("resident memory idle, MiB", [number(statistics.median(idle[n])) if idle[n] else None for n in shown])
    figures = cold_figures(data["cgi"])
    add(f"cold CGI call, ÷ {servers.BASE}", [spread(figures[n][2]) if n in figures else None for n in shown])
    add("re-execution under load: lost of sent", [
        f"{sum(row['lost'] for row in mine):,} of {sum(row['requests'] for row in mine):,}" if mine else None
        for mine in ([row for row in data["reexec"] if row["server"] == name] for name in shown)])
    return [markdown("Summary", ["figure", *shown], rows)] if rows else []


def noise(rows):
    """How far the run can be believed."""
    work = [row["fixed_work_ms"] for row in rows]
    foreign = [row["foreign"] for row in rows]
    return (f"{len(rows)} cells. Other processes took {statistics.median(foreign):.1%} of the machine "
            f"(median; {max(foreign):.1%} at most), {sum(row['tries'] > 1 for row in rows)} cells were run again for "
            f"noise, {sum(f >= load.NOISY for f in foreign)} stayed noisy. A fixed piece of work on one core took "
            f"{min(work):.1f} to {max(work):.1f} ms (median {statistics.median(work):.1f}).")


def report(data):
    results = Results(data)
    machine = data["machine"]
    out = [f"{machine['cpu']}, {processes.CORES} cores shared with nginx and the load, {machine['system']}, "
           f"{machine['swift']}; commit {machine['commit']}, {machine['date']}; "
           f"{len(results.rounds)} rounds, medians (lowest–highest).", *summary(results)]
    out += load_tables(results)
    out += [slow_table(data["slow"])] if data["slow"] else []
    out += [cold_table(data["cgi"])] if data["cgi"] else []
    out += [handover_table(data["reexec"])] if data["reexec"] else []
    out += soak_tables(data["soak"])
    out += [noise(data["load"])] if data["load"] else []
    out += [f"FAILED: {failure}" for failure in data["failures"]]
    return "\n\n".join(out) + "\n"
