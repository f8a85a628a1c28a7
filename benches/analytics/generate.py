"""Writes a made-up helpdesk of any size as lines of the ingest format: the same lines for the same size and seed.

Cases are spread over 2025, each under one policy with one clock of each kind and about eight events; durations are log-normal, to the
millisecond. A few in a hundred wait for a reply or a resolution. Usage: generate.py CASES FOLDER [SEED]; prints the files, in order.
"""

import json
import math
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

AGENTS, TEAMS, CUSTOMERS = 200, 10, 20_000
CHANNELS = ["email", "chat", "phone", "web", "social"]
PRIORITIES = ["low", "normal", "normal", "normal", "high", "urgent"]
YEAR_FROM = int(datetime(2025, 1, 1, tzinfo=timezone.utc).timestamp() * 1000)
YEAR_MS = 365 * 86_400_000
MINUTE, HOUR = 60_000, 3_600_000


def instant(ms):
    """An instant as lines have it."""
    at = datetime.fromtimestamp(ms // 1000, timezone.utc)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def reference():
    """The lines that all cases need."""
    yield {"type": "workspace", "name": "Bench", "timezone": "Europe/Copenhagen"}
    for team in range(TEAMS):
        yield {"type": "team", "id": f"t{team}", "name": f"Team {team}"}
    for agent in range(AGENTS):
        yield {"type": "agent", "id": f"a{agent}", "name": f"Agent {agent:03d}", "teams": [f"t{agent % TEAMS}"]}
    for channel in CHANNELS:
        yield {"type": "channel", "id": channel, "label": channel.title()}
    goals = [("first_reply", 1_800), ("next_reply", 3_600), ("resolution", 28_800)]
    targets = [{"metric": metric, "goal_seconds": goal, "clock": "calendar"} for metric, goal in goals]
    yield {"type": "sla_policy", "id": "standard", "name": "Standard", "position": 1, "targets": targets}


def case_lines(number, cases, chance):
    """The lines of one case, as texts."""
    created = YEAR_FROM + number * YEAR_MS // cases
    agent = chance.randrange(AGENTS)
    other = agent if chance.random() < 0.9 else chance.randrange(AGENTS)
    lengths = [int(chance.lognormvariate(math.log(median), 1.0)) + 1 for median in
               (3 * MINUTE, 9 * MINUTE, 40 * MINUTE, 25 * MINUTE, 3 * HOUR)]
    assigned = created + lengths[0]
    replied = assigned + lengths[1]
    asked = replied + lengths[2]
    answered = asked + lengths[3]
    resolved = answered + lengths[4]
    fate = chance.random()
    name, customer = f"c{number}", f"cu{chance.randrange(CUSTOMERS)}"
    by_agent = f'{{"kind":"agent","id":"a{agent}"}}'
    by_customer = f'{{"kind":"customer","id":"{customer}"}}'

    def message(place, at, author, more=""):
        return f'{{"type":"message","case":"{name}","id":"{name}-{place}","at":"{instant(at)}","author":{author}{more}}}'

    yield (f'{{"type":"case","id":"{name}","number":{number + 1},"created_at":"{instant(created)}","channel":"{chance.choice(CHANNELS)}",'
           f'"requester":"{customer}","priority":"{chance.choice(PRIORITIES)}","subject":"Case {number}","team":"t{agent % TEAMS}"}}')
    yield message(1, created, by_customer, ',"opening":true')
    yield (f'{{"type":"assignment","case":"{name}","id":"{name}-2","at":"{instant(assigned)}","kind":"assign","agent":"a{agent}",'
           f'"actor":{{"kind":"system"}}}}')
    yield message(3, replied, f'{{"kind":"agent","id":"a{other}"}}')
    yield message(4, asked, by_customer)
    if fate < 0.02:
        return
    yield message(5, answered, by_agent)
    yield message(6, answered + MINUTE, by_agent, ',"visibility":"internal"')
    if fate < 0.05:
        return
    yield (f'{{"type":"status_change","case":"{name}","id":"{name}-7","at":"{instant(resolved)}","status":"resolved",'
           f'"actor":{by_agent}}}')
    if fate < 0.60:
        rated = resolved + lengths[0]
        yield (f'{{"type":"rating","case":"{name}","id":"{name}-8","offered_at":"{instant(resolved)}","at":"{instant(rated)}",'
               f'"score":{chance.choice((1, 2, 3, 4, 4, 5, 5, 5))}}}')


def write_part(path, part, parts, cases, seed):
    """Writes the cases of one part, which are as they would be in any other."""
    with open(path, "w", encoding="utf-8", buffering=1 << 20) as file:
        if part == 0:
            file.writelines(json.dumps(line) + "\n" for line in reference())
        for number in range(part * cases // parts, (part + 1) * cases // parts):
            chance = random.Random(seed * 1_000_003 + number)
            file.write("\n".join(case_lines(number, cases, chance)) + "\n")
    return path


def write(cases, folder, seed=1, parts=8):
    """Writes all lines into files of a folder; gives their paths in order."""
    paths = [Path(folder) / f"lines-{part}.ndjson" for part in range(parts)]
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(write_part, path, part, parts, cases, seed) for part, path in enumerate(paths)]
        return [job.result() for job in jobs]


if __name__ == "__main__":
    print(*write(int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:4])), sep="\n")
