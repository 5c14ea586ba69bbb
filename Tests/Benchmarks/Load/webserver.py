"""The nginx in front of the servers: two workers, files in a folder of its own, one port on loopback."""

import contextlib
import http.client
import os
import pathlib
import shutil
import socket
import time

import processes

GIVES_UP_AFTER = 6  # seconds that nginx waits for an answer, a little more than the platform does

# name -> how nginx talks to the server
#   kept     connections are kept for the next request
#   closing  a connection for each request
#   handover kept, and set up as deploy/nginx has it, for a server that is replaced while it works: connections are
#            not idle for long, and a POST whose connection was closed under it goes to the same socket once more
MODES = ("kept", "closing", "handover")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(folder, port, names):
    upstreams, locations = [], []
    for name in names:
        address = f"unix:{folder}/{name}.sock"
        upstreams += [
            f"upstream {name} {{ server {address}; keepalive 32; }}",
            f"upstream {name}-handover {{ server {address} max_fails=0; server {address} max_fails=0;"
            " keepalive 32; keepalive_timeout 1s; }",
        ]
        locations += [
            f"location = /{name}/kept {{ fastcgi_pass {name}; fastcgi_keep_conn on; }}",
            f"location = /{name}/closing {{ fastcgi_pass {address}; }}",
            f"location = /{name}/handover {{ fastcgi_pass {name}-handover; fastcgi_keep_conn on;"
            " fastcgi_next_upstream error timeout non_idempotent; fastcgi_next_upstream_tries 2; }",
        ]
    variables = {
        "SCRIPT_NAME": "/wechat", "REQUEST_URI": "/wechat?$query_string", "QUERY_STRING": "$query_string",
        "REQUEST_METHOD": "$request_method", "CONTENT_TYPE": "$content_type", "CONTENT_LENGTH": "$content_length",
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "$server_protocol", "SERVER_SOFTWARE": "nginx",
        "REMOTE_ADDR": "$remote_addr", "REMOTE_PORT": "$remote_port", "SERVER_ADDR": "$server_addr",
        "SERVER_PORT": "$server_port", "SERVER_NAME": "$server_name"}
    line = "\n  "
    return f"""{"user root;" if os.geteuid() == 0 else ""}
worker_processes 2;
worker_rlimit_nofile 16384;
error_log {folder}/nginx-error.log crit;
pid {folder}/nginx.pid;
daemon off;
events {{ worker_connections 8192; }}
http {{
  map $status $is_failure {{ 200 0; default 1; }}
  log_format failure '$status $request_time';
  access_log {folder}/failures.log failure if=$is_failure;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/fastcgi; proxy_temp_path {folder}/proxy;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  fastcgi_read_timeout {GIVES_UP_AFTER}s;
  {line.join(f"fastcgi_param {name} {value};" for name, value in variables.items())}
  {line.join(upstreams)}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location /nginx/ {{ return 200 "{"a body as long as the reply to a text " * 8}"; }}
    {line.join(locations)}
  }}
}}
"""


class WebServer:
    """nginx for the servers of these names; each `running()` is a new one, with no connection left from before."""

    def __init__(self, folder, names):
        self.folder, self.port = pathlib.Path(folder), free_port()
        self.program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        (self.folder / "nginx.conf").write_text(configuration(folder, self.port, names))

    @contextlib.contextmanager
    def running(self):
        (self.folder / "failures.log").unlink(missing_ok=True)
        process = processes.start(
            [self.program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")], self.folder,
            self.folder / "nginx.log")
        try:
            for _ in range(250):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                    break
                if process.poll() is not None:
                    raise RuntimeError("nginx: " + (self.folder / "nginx.log").read_text()[-500:])
                time.sleep(0.02)
            yield process
        finally:
            processes.stop(process)

    def url(self, name, mode):
        return f"http://127.0.0.1:{self.port}/{name}/{mode}"

    def failures(self):
        """What nginx did not answer with 200: (status, seconds) each."""
        with contextlib.suppress(OSError):
            lines = (self.folder / "failures.log").read_text().splitlines()
            return [(status, float(seconds)) for status, seconds in (line.split() for line in lines)]
        return []

    def post(self, path, query, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("POST", f"{path}?{query}", body, {"Content-Type": "text/xml"})
            response = connection.getresponse()
            return response.status, response.read().decode()
