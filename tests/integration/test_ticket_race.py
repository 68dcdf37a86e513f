"""One ticket, a thousand handshakes at once over two workers, fifty times: exactly one is let in, each time."""

import selectors

from ticket_shows import CONFIG, ROOM
from wire.gateway import metrics, mint, refused_tickets
from wire.peer import DEADLINE_SECONDS, Peer
from wire.websocket import upgrade_bytes

ROUNDS = 50
HANDSHAKES = 1000


def statuses(peers):
    """What each of them is answered, read as the answers come."""
    found = []
    with selectors.DefaultSelector() as selector:
        for peer in peers:
            peer.socket.setblocking(False)
            selector.register(peer.socket, selectors.EVENT_READ)
        while len(found) < len(peers):
            ready = selector.select(DEADLINE_SECONDS)
            assert ready, f"only {len(found)} answers of {len(peers)}"
            for key, _ in ready:
                found.append(key.fileobj.recv(4096)[:12])
                selector.unregister(key.fileobj)
    return found


def test_exactly_one_is_let_in(start_usher):
    usher = start_usher(CONFIG, args=["--workers", "2"])
    for number in range(ROUNDS):
        head = upgrade_bytes(usher.url, ROOM, headers=[("Authorization", f"Ticket {mint(usher)}")])
        peers = [Peer(usher.url) for _ in range(HANDSHAKES)]
        for peer in peers:
            peer.send(head[:-1])
        for peer in peers:
            peer.send(head[-1:])
        answers = statuses(peers)
        for peer in peers:
            peer.reset()
        counts = {answer: answers.count(answer) for answer in set(answers)}
        assert counts == {b"HTTP/1.1 101": 1, b"HTTP/1.1 401": HANDSHAKES - 1}, f"round {number}"
    assert metrics(usher)["usher_tickets_redeemed_total"] == ROUNDS
    assert refused_tickets(usher) == {"replayed": ROUNDS * (HANDSHAKES - 1)}
