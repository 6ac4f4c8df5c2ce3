"""Times pages of the history: called by scripts/compare-history, with the IRC and the tagged port of a
server whose room bench0 holds a million texts."""

import datetime
import os
import socket
import statistics
import sys
import time

irc_port, tagged_port = int(sys.argv[1]), int(sys.argv[2])


class Lines:
    """A connection of which one line at a time is read."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def send(self, text):
        self.socket.sendall(text.encode())

    def line(self):
        return self.file.readline().decode().rstrip("\r\n")

    def until(self, word):
        lines = [self.line()]
        while word not in lines[-1]:
            lines.append(self.line())
        return lines


def irc_client(nick):
    client = Lines(irc_port)
    client.send(f"CAP REQ :batch message-tags server-time\r\nNICK {nick}\r\nUSER u 0 * :r\r\nCAP END\r\n"
                "JOIN #bench0,#small\r\nPING joined\r\n")
    client.until("PONG")
    return client


def texts(client, request):
    client.send(request + "\r\n")
    client.until(" BATCH +")
    return client.until(" BATCH -")[:-1]


def tag(line, name):
    return next(t.split("=", 1)[1] for t in line[1:].split(" ")[0].split(";") if t.startswith(name + "="))


def middle(client, channel):
    """The id of a text in the middle of what was said in the channel."""
    first = texts(client, f"CHATHISTORY AFTER {channel} timestamp=1970-01-01T00:00:00.000Z 1")[0]
    last = texts(client, f"CHATHISTORY LATEST {channel} * 1")[0]
    begin, end = (datetime.datetime.fromisoformat(tag(each, "time")[:-1]) for each in (first, last))
    when = (begin + (end - begin) / 2).isoformat(timespec="milliseconds") + "Z"
    return tag(texts(client, f"CHATHISTORY AROUND {channel} timestamp={when} 1")[0], "msgid")


def page_times(client, channel, count):
    here = middle(client, channel)
    result = []
    for _ in range(count):
        begin = time.perf_counter()
        page = texts(client, f"CHATHISTORY BEFORE {channel} msgid={here} 100")
        result.append((time.perf_counter() - begin) * 1000)
        assert len(page) == 100, len(page)
    return result


def pair_times(count):
    """Milliseconds from a text to its receiver, in a room of their own."""
    receiver, sender = Lines(tagged_port), Lines(tagged_port)
    receiver.send("rlogin:pairr\njoin:pair\n")
    receiver.line(), receiver.line()
    sender.send("slogin:pairs\njoin:pair\n")
    sender.line(), sender.line()
    result = []
    for _ in range(count):
        begin = time.perf_counter()
        sender.send("sendall:x\n")
        receiver.line()
        result.append((time.perf_counter() - begin) * 1000)
        sender.line()
        time.sleep(0.002)
    return result


def row(name, times):
    times = sorted(times)
    print(f"| {name} | {statistics.median(times):.3f} | {times[len(times) * 99 // 100]:.3f} |")


small = Lines(tagged_port)
small.send("slogin:small\njoin:small\n")
small.line(), small.line()
for _ in range(1000):
    small.send("sendall:" + "x" * 64 + "\n")
    small.line()
reader = irc_client("reader")
print("\n| ms | median | 99 % |\n| --- | ---: | ---: |")
row("a page of 100 before an id in the middle of 1,000 texts", page_times(reader, "#small", 500))
row("the same of 1,000,000 texts", page_times(reader, "#bench0", 500))
row("a text to its receiver, in another room", pair_times(500))
child = os.fork()
if child == 0:
    busy = irc_client("busy")
    while True:
        page_times(busy, "#bench0", 1000)
time.sleep(0.5)
row("the same beside a client that asks for such pages without end", pair_times(500))
os.kill(child, 9)
