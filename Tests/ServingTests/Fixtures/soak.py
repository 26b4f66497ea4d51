"""Asks a server of everything at once for some minutes: soak.py URL PID MINUTES.

Four clients ask for whole answers, conversations, streams, images and nonsense, and one goes away in the middle.
Memory and descriptors of the process are read each five seconds; after the first fifth of the time
neither may grow.
"""
import http.client
import json
import os
import random
import socket
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from urllib.parse import urlsplit

url, pid, minutes = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
host, port = urlsplit(url).hostname, urlsplit(url).port
end = time.time() + 60 * minutes
counts, lost = Counter(), []
lock = threading.Lock()


def question(rng, **options):
    thing = rng.choice(["cat", "dog", "lion", "volcano", "house", "moon"])
    return {"messages": [{"role": "user", "content": f"What is a {thing}?"}],
            "max_tokens": rng.randint(1, 20), "seed": rng.randint(0, 9), **options}


def post(path, body, kind="application/json"):
    connection = http.client.HTTPConnection(host, port, timeout=120)
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("POST", path, body, {"Content-Type": kind})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, text


def whole(rng):
    status, text = post("/v1/chat/completions", question(rng, max_images=rng.randint(0, 2)))
    return status == 200 and json.loads(text)["choices"][0]["finish_reason"] in ("stop", "length")


def conversing(rng):
    body = question(rng, max_images=1)
    for _ in range(3):
        status, text = post("/v1/chat/completions", body)
        if status != 200:
            return False
        answer = json.loads(text)
        read = answer["usage"]["prompt_tokens_details"]["cached_tokens"]
        if not 0 <= read < answer["usage"]["prompt_tokens"]:
            return False
        body["messages"] += [answer["choices"][0]["message"],
                             {"role": "user", "content": "And a dog?"}]
    return True


def streamed(rng):
    path, body = rng.choice([
        ("/v1/chat/completions", question(rng, stream=True)),
        ("/v1/responses", {"input": "What is a cat?", "stream": True, "max_output_tokens": 9})])
    status, text = post(path, body)
    ends = b"data: [DONE]\n\n", b"response.completed", b"response.incomplete"
    return status == 200 and any(mark in text for mark in ends)


def drawn(rng):
    status, text = post("/v1/images/generations", {"prompt": "Draw a cat.", "n": rng.randint(1, 2)})
    return status == 200 and len(json.loads(text)["data"]) >= 1


def edited(rng):
    """Draws parts of an image again, by a form that is right or broken."""
    side = rng.choice([0, 8, 64])
    rows = b"".join(b"\0" + bytes(0 if x < side and y < side else 255 for x in range(64)
                                  for _ in range(4)) for y in range(64))
    def chunk(name, data):
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    png = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0))
           + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    head = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    body = b"\r\n".join([
        head % (b"prompt", b"") + b"a cat", head % (b"image", b'; filename="a"') + png,
        head % (b"mask", b'; filename="a"') + png, b"--b--"])
    isBroken = rng.random() < 0.3
    if isBroken:
        body = body[:rng.randrange(len(body) - 5)]
    status, _ = post("/v1/images/edits", body, "multipart/form-data; boundary=b")
    return status == (400 if isBroken or side == 0 else 200)


def nonsense(rng):
    status, _ = post("/v1/chat/completions", rng.choice([
        b"{", b"[" * 10000, b'{"messages": 1}', b'{"messages": [], "temperature": 1e400}',
        json.dumps(question(rng, n=10**9)).encode(), b"\xff" * 1000, b" " * 2_000_000]))
    return status == 400


def leaving(rng):
    body = json.dumps(question(rng, stream=rng.random() < 0.5, min_images=4)).encode()
    client = socket.create_connection((host, port), timeout=60)
    client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                   b"application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    client.settimeout(rng.random())
    try:
        client.recv(1 << 16)
    except TimeoutError:
        pass
    client.close()
    return True


def work(number):
    rng = random.Random(number)
    while time.time() < end:
        kind = leaving if number == 4 else rng.choice([whole, conversing, streamed, drawn, edited, nonsense])
        try:
            right = kind(rng)
        except Exception as error:  # Whatever it is, an answer is lost.
            right, kind = False, error
        with lock:
            counts[getattr(kind, "__name__", "error")] += 1
            if not right:
                lost.append(kind)


def usage():
    status = open(f"/proc/{pid}/status").read()
    memory = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(memory.split()[1]) / 1024, len(os.listdir(f"/proc/{pid}/fd"))


threads = [threading.Thread(target=work, args=[number]) for number in range(5)]
for thread in threads:
    thread.start()
seen = []
while time.time() < end:
    time.sleep(5)
    seen.append(usage())
for thread in threads:
    thread.join()
time.sleep(1)
settled, last = seen[len(seen) // 5:], usage()
half = len(settled) // 2
first, second = max(m for m, _ in settled[:half]), max(m for m, _ in settled[half:])
print(f"{sum(counts.values())} requests in {minutes} minutes: "
      + ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
print(f"memory at most {first:.1f} MB in the first half, {second:.1f} MB in the second; descriptors "
      f"at most {max(f for _, f in settled)}, {last[1]} at the end")
assert not lost, lost[:5]
assert second < first + 8 and last[1] <= seen[0][1] + 2, (seen, last)
