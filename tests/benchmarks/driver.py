"""The clients: keep-alive connections over raw sockets, in a process of their own.

Reads one JSON object from standard input, and writes one to standard output.
"""

import json
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import count
from typing import Any
from uuid import uuid4

NUMBER = "@N@"  # in a body: a number that no other call says
KEY = "@U@"  # in a path or a body: an id that no other call says


class Client:
    def __init__(self, port: int, token: str) -> None:
        self.line = socket.create_connection(("127.0.0.1", port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: bench\r\nAuthorization: Bearer {token}\r\n".encode()

    def ask(self, method: str, path: str, body: bytes) -> int:
        head = f"{method} {path} HTTP/1.1\r\n".encode() + self.head
        if body:
            head += b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
        self.line.sendall(head + b"\r\n" + body)
        said = b""
        while b"\r\n\r\n" not in said:
            said += self.more()
        head, _, rest = said.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(rest) < length:
            rest += self.more()
        return int(head[9:12])

    def more(self) -> bytes:
        found = self.line.recv(262_144)
        if not found:
            raise ConnectionError("the server hung up")
        return found


class Flow:
    """Requests that are made one after the other, and so are one call."""

    def __init__(self, steps: list[list[str]]) -> None:
        self.steps = [(method, path, body.encode()) for method, path, body in steps]
        said = "".join(path + body for _, path, body in steps)
        self.differs = NUMBER in said or KEY in said

    def ask(self, client: Client, numbers: Iterator[int]) -> int:
        """Make one call; return the status of the last request, which follows no refusal."""
        status = 0
        for step in self.said(next(numbers)) if self.differs else self.steps:
            status = client.ask(*step)
            if status >= HTTPStatus.BAD_REQUEST:
                break
        return status

    def said(self, number: int) -> Iterator[tuple[str, str, bytes]]:
        key = str(uuid4())
        for method, path, body in self.steps:
            text = body.replace(NUMBER.encode(), b"%d" % number).replace(
                KEY.encode(), key.encode()
            )
            yield method, path.replace(KEY, key), text


def drive(told: dict[str, Any]) -> dict[str, Any]:
    """Ask for so many seconds, with so many clients; say how long each answer took."""
    numbers = count(told["first"])
    flows = [Flow(each) for each in told["flows"]]
    rest = iter(flows)  # for those that can be done only once: the clients share them
    spent: list[float] = []
    statuses: dict[int, int] = {}
    start = threading.Barrier(told["clients"] + 1)
    ends = [0.0]

    def work(seed: int) -> None:
        client = Client(told["port"], told["token"])
        chance = random.Random(seed)
        mine: list[float] = []
        seen: dict[int, int] = {}
        start.wait()
        while (begun := time.perf_counter()) < ends[0]:
            flow = next(rest, None) if told["once"] else chance.choice(flows)
            if flow is None:
                break
            status = flow.ask(client, numbers)
            mine.append(time.perf_counter() - begun)
            seen[status] = seen.get(status, 0) + 1
        spent.extend(mine)
        for status, times in seen.items():
            statuses[status] = statuses.get(status, 0) + times

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(told["clients"])]
    for each in threads:
        each.start()
    ends[0] = time.perf_counter() + told["seconds"]
    begun, cpu = time.perf_counter(), time.process_time()
    start.wait()
    for each in threads:
        each.join()
    wall = time.perf_counter() - begun
    return {
        "spent": spent,
        "wall": wall,
        "next": next(numbers),
        "driver_cpu": time.process_time() - cpu,
        "statuses": statuses,
    }


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)
    json.dump(drive(json.load(sys.stdin)), sys.stdout)
