"""Opening handshakes, good and bad: what is changed in a good one, and what must come of it.

A row is (name, changes, outcome). Changes: {header: value, None to leave it out, or a list for several lines}; with
"start" for the request line and "target" for its target. Outcome: the status, or (status, code), or for a 101 the
subprotocol that must be answered as ("101", protocol).
"""

OK = (101, None)
BAD = 400
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
VERSION = "Sec-WebSocket-Version"
PROTOCOL = "Sec-WebSocket-Protocol"
EXTENSIONS = "Sec-WebSocket-Extensions"
KEY_NAME = "Sec-WebSocket-Key"
OLD_ORIGIN = "Sec-WebSocket-Origin"
APP = "https://app.example.com"
EVIL = "https://evil.example"
NO_KEY = (400, "websocket_key")
NO_VERSION = (426, "websocket_version")
FORBIDDEN = (403, "origin")
UNKNOWN = (404, "unknown_channel")


def start(line):
    return {"start": line}


def target(text):
    return {"target": text}


METHODS = [
    ("POST", start("POST {target} HTTP/1.1"), (405, "method_not_allowed")),
    ("HEAD", start("HEAD {target} HTTP/1.1"), 405),
    ("PUT", start("PUT {target} HTTP/1.1"), (405, "method_not_allowed")),
    ("DELETE", start("DELETE {target} HTTP/1.1"), (405, "method_not_allowed")),
    ("OPTIONS", start("OPTIONS {target} HTTP/1.1"), (405, "method_not_allowed")),
    ("get-in-lower-case", start("get {target} HTTP/1.1"), BAD),
    ("no-such-method", start("G@T {target} HTTP/1.1"), BAD),
    ("http-1.0", start("GET {target} HTTP/1.0"), BAD),
    ("http-2.0", start("GET {target} HTTP/2.0"), (505, "version_not_supported")),
    ("http-1.2", start("GET {target} HTTP/1.2"), (BAD, 505)),
    ("http-0.9", start("GET {target} HTTP/0.9"), (BAD, 505)),
    ("http-in-lower-case", start("GET {target} http/1.1"), BAD),
    ("no-version-in-line", start("GET {target}"), BAD),
    ("two-spaces-in-line", start("GET  {target} HTTP/1.1"), BAD),
    ("tab-in-line", start("GET\t{target} HTTP/1.1"), BAD),
    ("more-behind-version", start("GET {target} HTTP/1.1 x"), BAD),
    ("https-absolute", start("GET http://{host}{target} HTTP/1.1"), OK),
]

HOSTS = [
    ("absent", {"Host": None}, BAD),
    ("twice", {"Host": ["a.example", "a.example"]}, BAD),
    ("empty", {"Host": ""}, BAD),
    ("with-blank", {"Host": "a b"}, BAD),
    ("with-path", {"Host": "a.example/b"}, BAD),
    ("with-user", {"Host": "user@a.example"}, BAD),
    ("with-port", {"Host": "a.example:8080"}, OK),
    ("of-version-6", {"Host": "[::1]:8080"}, OK),
]

KEYS = [
    ("absent", {KEY_NAME: None}, NO_KEY),
    ("empty", {KEY_NAME: ""}, NO_KEY),
    ("15-bytes", {KEY_NAME: "dGhlIHNhbXBsZSBub25j"}, NO_KEY),
    ("17-bytes", {KEY_NAME: "dGhlIHNhbXBsZSBub25jZXM="}, NO_KEY),
    ("not-base64", {KEY_NAME: "!!hlIHNhbXBsZSBub25jZQ=="}, NO_KEY),
    ("base64url", {KEY_NAME: "_-hlIHNhbXBsZSBub25jZQ=="}, NO_KEY),
    ("no-padding", {KEY_NAME: "dGhlIHNhbXBsZSBub25jZQ"}, NO_KEY),
    ("blank-inside", {KEY_NAME: "dGhlIHNhbXBs ZSBub25jZQ=="}, NO_KEY),
    ("twice", {KEY_NAME: [KEY, KEY]}, BAD),
    ("list", {KEY_NAME: f"{KEY}, {KEY}"}, NO_KEY),
    ("blanks-around", {KEY_NAME: f"  {KEY} \t"}, OK),
]

VERSIONS = [
    *((str(number), {VERSION: number}, OK) for number in (13, 8, 7)),
    *((f"{text}-is-unknown", {VERSION: text}, NO_VERSION) for text in ("0", "6", "9", "12", "14", "25", "255")),
    ("negative", {VERSION: "-13"}, NO_VERSION),
    ("leading-zero", {VERSION: "013"}, NO_VERSION),
    ("fraction", {VERSION: "13.0"}, NO_VERSION),
    ("list", {VERSION: "13, 8"}, NO_VERSION),
    ("word", {VERSION: "hybi"}, NO_VERSION),
    ("absent", {VERSION: None}, BAD),
    ("twice-alike", {VERSION: ["13", "13"]}, BAD),
    ("twice", {VERSION: ["13", "8"]}, BAD),
]

CONNECTIONS = [
    ("lower", {"Connection": "upgrade"}, OK),
    ("upper", {"Connection": "UPGRADE"}, OK),
    ("firefox", {"Connection": "keep-alive, Upgrade"}, OK),
    ("two-lines", {"Connection": ["keep-alive", "Upgrade"]}, OK),
    ("empty-elements", {"Connection": ", Upgrade ,"}, OK),
    ("absent", {"Connection": None}, BAD),
    ("other", {"Connection": "keep-alive"}, BAD),
    ("longer-word", {"Connection": "Upgraded"}, BAD),
    ("parameter", {"Connection": "Upgrade;q=1"}, BAD),
]

UPGRADES = [
    ("chrome", {"Upgrade": "WebSocket"}, OK),
    ("first-of-list", {"Upgrade": "websocket, h2c"}, OK),
    ("last-of-list", {"Upgrade": "h2c, websocket"}, OK),
    ("two-lines", {"Upgrade": ["h2c", "websocket"]}, OK),
    ("absent", {"Upgrade": None}, 426),
    ("other", {"Upgrade": "h2c"}, BAD),
    ("longer-word", {"Upgrade": "websockets"}, BAD),
    ("two-words", {"Upgrade": "web socket"}, BAD),
    ("empty", {"Upgrade": ""}, BAD),
]


def origin(value, version=13, **more):
    return {"Origin": value, VERSION: version, **more}


ORIGINS = [
    ("allowed", origin(APP), OK),
    ("absent", origin(None), OK),
    ("default-port", origin(APP + ":443"), OK),
    ("below", origin("https://chat.example.org"), OK),
    ("other", origin(EVIL), FORBIDDEN),
    ("other-port", origin(APP + ":444"), FORBIDDEN),
    ("other-scheme", origin("http://app.example.com"), FORBIDDEN),
    ("longer", origin(APP + ".evil.example"), FORBIDDEN),
    ("glued", origin("https://evilapp.example.com"), FORBIDDEN),
    ("above-the-star", origin("https://example.org"), FORBIDDEN),
    ("glued-to-the-star", origin("https://evilexample.org"), FORBIDDEN),
    ("user", origin("https://app.example.com@evil.example"), FORBIDDEN),
    ("dot-behind", origin(APP + "."), FORBIDDEN),
    ("path", origin(APP + "/"), FORBIDDEN),
    ("null", origin("null"), FORBIDDEN),
    ("empty", origin(""), FORBIDDEN),
    ("list", origin(f"{APP}, {APP}"), FORBIDDEN),
    ("twice", origin([APP, EVIL]), (400, 403)),
    ("13-reads-no-old-name", origin(None, **{OLD_ORIGIN: EVIL}), OK),
    ("13-is-not-fooled", origin(EVIL, **{OLD_ORIGIN: APP}), FORBIDDEN),
    ("7-old-name", origin(None, 7, **{OLD_ORIGIN: APP}), OK),
    ("7-old-name-other", origin(None, 7, **{OLD_ORIGIN: EVIL}), FORBIDDEN),
    ("7-new-name-other", origin(EVIL, 7), FORBIDDEN),
    ("8-old-name", origin(None, 8, **{OLD_ORIGIN: APP}), OK),
    ("8-new-name", origin(APP, 8), OK),
    ("8-old-name-other", origin(None, 8, **{OLD_ORIGIN: EVIL}), FORBIDDEN),
    ("8-new-name-other", origin(EVIL, 8), FORBIDDEN),
    ("8-both-alike", origin(APP, 8, **{OLD_ORIGIN: APP}), OK),
    ("8-both-differ", origin(APP, 8, **{OLD_ORIGIN: EVIL}), (400, 403)),
]


def protocol(value):
    return {PROTOCOL: value}


PROTOCOLS = [
    ("own", protocol("chat"), (101, "chat")),
    ("first-spoken", protocol("superchat, chat, v2.chat"), (101, "chat")),
    ("order-is-the-clients", protocol("v2.chat, chat"), (101, "v2.chat")),
    ("raw", protocol("usher.raw.v1, usher.json.v1"), (101, "usher.raw.v1")),
    ("json", protocol("usher.json.v1, usher.raw.v1"), (101, "usher.json.v1")),
    ("two-lines", protocol(["superchat", "chat"]), (101, "chat")),
    ("none-spoken", protocol("superchat"), OK),
    ("case-counts", protocol("CHAT"), OK),
    ("empty-elements", protocol("chat,,"), (101, "chat")),
    ("empty", protocol(""), BAD),
    ("not-a-token", protocol("ch@t"), BAD),
    ("parameter", protocol("chat;q=1"), BAD),
    ("blank-inside", protocol("chat superchat"), BAD),
    ("twice", protocol("chat, chat"), BAD),
    ("twice-in-two-lines", protocol(["chat", "chat"]), BAD),
    ("very-many", protocol(", ".join(f"p{i}" for i in range(1000))), BAD),
]


def extension(value):
    return {EXTENSIONS: value}


EXTENSION_ROWS = [
    ("unknown", extension("x-webkit-deflate-frame, x; a=1"), OK),
    ("deflate-is-off", extension("permessage-deflate; client_max_window_bits"), OK),
    ("javascript", extension("constructor"), OK),
    ("no-name", extension("; a=1"), BAD),
    ("no-parameter", extension("x;"), BAD),
    ("no-value", extension("x; a="), BAD),
    ("open-quote", extension('x; a="b'), BAD),
    ("quoted-non-token", extension('x; a="b c"'), BAD),
    ("not-a-token", extension("x@y"), BAD),
]

BODIES = [
    ("length-0", {"Content-Length": "0"}, OK),
    ("length-5", {"Content-Length": "5"}, BAD),
    ("chunked", {"Transfer-Encoding": "chunked"}, BAD),
    ("both", {"Transfer-Encoding": "chunked", "Content-Length": "5"}, BAD),
    ("two-lengths", {"Content-Length": ["0", "5"]}, BAD),
    ("list-of-lengths", {"Content-Length": "0, 0"}, BAD),
    ("plus", {"Content-Length": "+0"}, BAD),
    ("hex", {"Content-Length": "0x0"}, BAD),
    ("minus", {"Content-Length": "-1"}, BAD),
    ("enormous", {"Content-Length": "9" * 30}, (400, 413)),
    ("not-chunked-last", {"Transfer-Encoding": "chunked, gzip"}, BAD),
    ("identity", {"Transfer-Encoding": "identity"}, (400, 501)),
    ("expects", {"Expect": "200-ok"}, (400, 417, 501)),
]

TARGETS = [
    ("percent", target("/channels/open%2E1"), OK),
    ("route", target("/ws/chat/1/"), OK),
    ("route-to-one-segment", target("/ws/chat/1.staff/"), UNKNOWN),
    ("route-to-one-segment-escaped", target("/ws/chat/1%2Estaff/"), UNKNOWN),
    ("query-is-ignored", target("/channels/open.1?a=1&b=%20"), OK),
    ("no-channel", target("/channels/"), UNKNOWN),
    ("no-pattern", target("/channels/nowhere.1"), UNKNOWN),
    ("slash-behind", target("/channels/open.1/"), UNKNOWN),
    ("slash-in-name", target("/channels/open.a%2Fb"), UNKNOWN),
    ("two-segments", target("/channels/open.1.2"), UNKNOWN),
    ("nul", target("/channels/open.%00"), 404),
    ("not-ascii", target("/channels/open.%C3%A9"), UNKNOWN),
    ("too-long-a-name", target("/channels/open." + "x" * 251), UNKNOWN),
    ("longest-name", target("/channels/open." + "x" * 250), OK),
    ("nothing-there", target("/elsewhere"), (404, "not_found")),
    ("root", target("/"), (404, "not_found")),
    ("case-counts", target("/Channels/open.1"), (404, "not_found")),
    ("two-slashes", target("//channels/open.1"), 404),
    ("dots", target("/x/../channels/open.1"), 404),
    ("half-escape", target("/channels/open.%2"), (400, 404)),
    ("no-hex", target("/channels/open.%zz"), (400, 404)),
    ("half-escape-in-query", target("/channels/open.1?a=%2"), BAD),
    ("fragment", target("/channels/open.1#a"), BAD),
    ("asterisk", target("*"), (400, 404)),
    ("authority", target("example.com:80"), BAD),
    ("no-slash", target("channels/open.1"), BAD),
    ("raw-8-bit", target("/channels/open.\xe9"), BAD),
    ("control", target("/channels/open.\x01"), BAD),
    ("too-long-a-line", target("/channels/open.1?a=" + "x" * 8200), (414, "uri_too_long")),
]


def past(query):
    return target(f"/channels/past.1?{query}")


NO_QUERY = (400, "bad_query")
QUERIES = [
    ("history", past("history=5"), OK),
    ("since-strange-epoch", past("since=5:***"), OK),
    ("both", past("history=5&since=1:abc"), NO_QUERY),
    ("history-twice", past("history=5&history=5"), NO_QUERY),
    ("history-word", past("history=all"), NO_QUERY),
    ("history-negative", past("history=-1"), NO_QUERY),
    ("history-empty", past("history="), NO_QUERY),
    ("since-without-epoch", past("since=5"), NO_QUERY),
    ("since-word", past("since=abc:def"), NO_QUERY),
    ("since-negative", past("since=-5:abc"), NO_QUERY),
    ("since-beyond-64-bits", past("since=99999999999999999999:abc"), NO_QUERY),
    ("channel-without-history", target("/channels/open.1?history=5"), NO_QUERY),
    ("channel-without-positions", target("/channels/open.1?since=1:abc"), NO_QUERY),
]

HEADERS = [
    ("many", {f"X-{i}": "1" for i in range(150)}, (431, "header_too_large")),
    ("one-long", {"X-Long": "x" * 20000}, (431, "header_too_large")),
    ("many-cookies", {"Cookie": "; ".join(f"c{i}={i}" for i in range(500))}, OK),
    ("name-with-blank", {"X Y": "1"}, BAD),
    ("blank-before-colon", {"X-Y ": "1"}, BAD),
    ("no-name", {"": "1"}, BAD),
    ("nul-in-value", {"X": "a\0b"}, BAD),
    ("control-in-value", {"X": "a\x01b"}, BAD),
    ("eight-bit-value", {"X": "\xe9"}, OK),
    ("folded", {"X": "a\r\n b"}, BAD),
    ("bare-line-feed", {"X": "a\nY: b"}, BAD),
    ("bare-carriage-return", {"X": "a\rb"}, BAD),
    ("no-colon", {"X": "a\r\nnothing"}, BAD),
]

GROUPS = {
    "method": METHODS,
    "host": HOSTS,
    "key": KEYS,
    "version": VERSIONS,
    "connection": CONNECTIONS,
    "upgrade": UPGRADES,
    "origin": ORIGINS,
    "protocol": PROTOCOLS,
    "extension": EXTENSION_ROWS,
    "body": BODIES,
    "target": TARGETS,
    "query": QUERIES,
    "header": HEADERS,
}
