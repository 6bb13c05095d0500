"""What the service promises, tried through its own pages as two users and as nobody."""

import sys

import httpx

ALICE, BOB, address = sys.argv[1:4]
client = httpx.Client(base_url=address)


def ask(method: str, path: str, token: str, expected: int, **wanted):
    answer = client.request(method, path, headers={"authorization": "Bearer " + token}, **({"json": wanted} if wanted else {}))
    assert answer.status_code == expected, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


task = ask("POST", "/tasks", ALICE, 201, title="water the plants")
ask("POST", "/tasks", BOB, 201, title="feed the cat")
assert [t["title"] for t in ask("GET", "/tasks", ALICE, 200)] == ["water the plants"]
assert [t["title"] for t in ask("GET", "/tasks", BOB, 200)] == ["feed the cat"]

own = f"/tasks/{task['id']}"
ask("PUT", own, BOB, 404, title="mine now", done=True)
ask("DELETE", own, BOB, 404)
assert ask("PUT", own, ALICE, 200, title="water the plants", done=True)["done"] is True
ask("GET", "/tasks", ALICE[:-4] + "AAAA", 401)
ask("GET", "/tasks", "nobody", 401)

for token in (ALICE, BOB):  # leave nothing for the next service that is tried
    for left in ask("GET", "/tasks", token, 200):
        client.request("DELETE", f"/tasks/{left['id']}", headers={"authorization": "Bearer " + token})
    assert ask("GET", "/tasks", token, 200) == []
print("ok")
