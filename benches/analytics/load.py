"""The load of many connections, by wrk."""

import re
import subprocess
import tempfile
import time

from gateway import KEY, NOW, free_port

QUERY = '{"query":"{ viewer { subject } }"}'
SECONDS, ROUNDS, CONNECTIONS = 3, 5, 16


def requests_a_second(port, token):
    """How many requests a server answers, each with 200."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"""wrk.method = "POST"
wrk.body = '{QUERY}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
""")
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name, f"http://127.0.0.1:{port}/graphql"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"requests failed under load:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def shares_of_plain_handler(gateway, program):
    """Requests a second of the gateway and of a plain handler that checks the same token and returns the same bytes; the best of rounds
    taken in turn. None without the plain handler's program."""
    if not program:
        return None, None
    status, answer = gateway.send("POST", "/graphql", QUERY)
    port = free_port()
    with tempfile.NamedTemporaryFile("wb") as body:
        body.write(answer)
        body.flush()
        plain = subprocess.Popen([program, f"127.0.0.1:{port}", KEY, NOW, body.name])
        time.sleep(0.5)
        try:
            pairs = [(requests_a_second(gateway.port, gateway.token), requests_a_second(port, gateway.token)) for _ in range(ROUNDS)]
        finally:
            plain.terminate()
    assert status == 200
    return max(ours for ours, _ in pairs), max(theirs for _, theirs in pairs)
