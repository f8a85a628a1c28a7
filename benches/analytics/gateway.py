"""Runs the gateway as its users do, and asks it over HTTP with a token on a connection that stays open."""

import atexit
import http.client
import json
import os
import socket
import subprocess
import time

# Everything of 2025 is over, and what was left open is past due or waits for a reply.
NOW = "2026-01-05T00:00:00Z"
KEY = "a key of the benchmark that signs nothing else"
WORKSPACE = "bench"


class Connection(http.client.HTTPConnection):
    """One that does not wait to send."""

    def connect(self):
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Gateway:
    """A gateway on a database; `started` says how many seconds it took to be ready."""

    def __init__(self, binary, database_url, cache_folder):
        self.port = free_port()
        arguments = [binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--now", NOW, "--cache-dir", str(cache_folder)]
        arguments += ["--request-timeout", "10m", "--rate", "0"]
        self.log = open(f"{cache_folder}/gateway.log", "ab")
        begun = time.perf_counter()
        self.process = subprocess.Popen(arguments, env=environment(database_url), stderr=self.log, stdout=self.log)
        atexit.register(self.process.kill)
        self.connection = None
        self.token = run(binary, database_url, "token", "--workspace", WORKSPACE, "--role", "owner", "--now", NOW,
                         "--expires", "365d").strip()
        self.await_ready()
        self.started = time.perf_counter() - begun

    def await_ready(self):
        """Waits until it says that it is ready."""
        while True:
            if self.process.poll() is not None:
                raise SystemExit(f"the gateway ended; see {self.log.name}")
            try:
                if self.send("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                self.connection = None
            time.sleep(0.005)

    def send(self, method, path, body=None, kind="application/json"):
        """Sends a request; gives status and body."""
        if self.connection is None:
            self.connection = Connection("127.0.0.1", self.port, timeout=900)
        headers = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        if body is not None:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def ask(self, query, variables=None):
        """Asks; gives the seconds until the answer was there, and its data."""
        body = json.dumps({"query": query, "variables": variables or {}})
        begun = time.perf_counter()
        _, answer = self.send("POST", "/graphql", body)
        seconds = time.perf_counter() - begun
        answer = json.loads(answer)
        if "errors" in answer:
            raise SystemExit(f"the gateway answered with {json.dumps(answer['errors'])[:600]} to {query}")
        return seconds, answer["data"]

    def resident_bytes(self):
        """Memory that the process holds."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def said(self, text):
        """The last line of the log that has a text."""
        with open(self.log.name, encoding="utf-8") as file:
            return next((line.strip() for line in reversed(file.readlines()) if text in line), "")

    def stop(self):
        """Ends it and waits for that."""
        self.process.terminate()
        self.process.wait()
        self.log.close()


def free_port():
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def environment(database_url):
    """What a command needs to know."""
    known = {"DESKGRAPH_DATABASE_URL": database_url, "DESKGRAPH_SIGNING_KEY": KEY}
    return {**os.environ, **known}


def run(binary, database_url, *arguments):
    """Runs a command of the gateway's program; gives what it prints."""
    done = subprocess.run([binary, *map(str, arguments)], env=environment(database_url), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{arguments[0]} failed: {done.stderr[-600:]}")
    return done.stdout


def import_lines(binary, database_url, files, folder):
    """Imports files; gives the seconds it took."""
    begun = time.perf_counter()
    run(binary, database_url, "import", *files, "--workspace", WORKSPACE, "--now", NOW, "--cache-dir", folder)
    return time.perf_counter() - begun
