"""A process for each request: the time from spawning a CGI program to its exit, the programs in turn."""

import os
import subprocess
import time

import messages
import servers

FLOOR = "true"  # what spawning costs by itself


def environment(server, folder, length):
    return server.settings(folder) | {
        "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST", "QUERY_STRING": messages.query(),
        "REQUEST_URI": "/wechat", "SCRIPT_NAME": "/wechat", "CONTENT_TYPE": "text/xml", "CONTENT_LENGTH": str(length),
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "bench", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1"}


def one_round(number, rows, folder, runs, patience):
    body = folder / "body.xml"
    body.write_text(messages.message(identifier=messages.take_ids(1)))
    length = body.stat().st_size
    programs = [(FLOOR, ["/bin/true"], {"PATH": "/usr/bin:/bin"})]
    for server in rows:
        programs.append((server.name, server.command, environment(server, folder, length)))
        with open(body) as stdin:
            answer = subprocess.run(
                server.command, env=programs[-1][2], stdin=stdin, capture_output=True, text=True, timeout=10)
        if answer.returncode != 0 or messages.TEXT not in answer.stdout:
            raise RuntimeError(f"{server.name} as CGI: {answer}")
    patience.wait()
    results = []
    for _ in range(runs):
        for name, command, variables in programs:
            actions = [(os.POSIX_SPAWN_OPEN, 0, str(body), os.O_RDONLY, 0),
                       (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
            begin = time.perf_counter()
            pid = os.posix_spawn(command[0], command, variables, file_actions=actions)
            _, status, used = os.wait4(pid, 0)
            wall = time.perf_counter() - begin
            if status != 0:
                raise RuntimeError(f"{name} as CGI: wait status {status}")
            results.append({"server": name, "round": number, "ms": wall * 1000,
                            "cpu_ms": (used.ru_utime + used.ru_stime) * 1000})
    return results
