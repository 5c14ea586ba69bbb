"""Many clients that each wait for one answer at a time: python3 clients.py PORT PATH CLIENTS SECONDS CYCLE.

Every client sends the text `slow` on a connection of its own, waits for the answer, and sends the next CYCLE seconds
after the last at the earliest, until SECONDS are over. Prints a JSON list of [status, seconds] pairs.
"""

import errno
import heapq
import json
import select
import socket
import sys
import time

import messages
import processes

GIVE_UP = 30


def request(path, client):
    body = messages.message("slow", sender=client, identifier=messages.take_ids(1)).encode()
    head = (f"POST {path}?{messages.query()} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def verdict(answer):
    """The status of an answer, or what is wrong with it."""
    words = answer[:20].split()
    if len(words) < 2:
        return "closed without an answer"
    status = words[1].decode()
    return status if status != "200" or b"<Content><![CDATA[slow]]>" in answer else "200 without the reply"


def offer(port, path, clients, seconds, cycle):
    poll, answers = select.epoll(), []
    waiting = {}  # descriptor -> [socket, client, begin, answer so far]
    begin = time.monotonic()
    due = [(begin, client) for client in range(clients)]
    heapq.heapify(due)

    def finish(descriptor, outcome):
        connection, client, started, _ = waiting.pop(descriptor)
        connection.close()
        answers.append((outcome, time.monotonic() - started))
        if (again := max(started + cycle, time.monotonic())) < begin + seconds:
            heapq.heappush(due, (again, client))

    while due or waiting:
        now = time.monotonic()
        while due and due[0][0] <= now:
            _, client = heapq.heappop(due)
            connection = socket.socket()
            connection.setblocking(False)
            waiting[connection.fileno()] = [connection, client, time.monotonic(), b""]
            code = connection.connect_ex(("127.0.0.1", port))
            if code not in (0, errno.EINPROGRESS):
                finish(connection.fileno(), errno.errorcode[code])
                continue
            poll.register(connection, select.EPOLLOUT)
        pause = min(1.0, max(0.0, due[0][0] - now)) if due else 1.0
        for descriptor, events in poll.poll(pause):
            entry = waiting[descriptor]
            try:
                if events & select.EPOLLOUT:
                    entry[0].send(request(path, entry[1]))
                    poll.modify(descriptor, select.EPOLLIN)
                elif piece := entry[0].recv(65536):
                    entry[3] += piece
                else:
                    finish(descriptor, verdict(entry[3]))
            except OSError as error:
                finish(descriptor, errno.errorcode.get(error.errno, "error"))
        for descriptor in [d for d, entry in waiting.items() if now - entry[2] > GIVE_UP]:
            finish(descriptor, "no answer")
    return answers


if __name__ == "__main__":
    processes.prepare()
    port, path, clients, seconds, cycle = sys.argv[1:]
    print(json.dumps(offer(int(port), path, int(clients), float(seconds), float(cycle))))
