"""A gateway with one channel of each kind, for the tests of channels."""

CONFIG = """
[auth]
connect_with = ["ticket"]
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
allow_history = "user"
history = { size = 20, ttl = "10m", position_ttl = "1h" }
[[channel]]
name = "live.{room}"
allow_subscribe = "user"
allow_publish = "user"
[[channel]]
name = "news.{id}"
allow_subscribe = "user"
allow_history = "user"
history = { size = 20, ttl = "10m", position_ttl = "1h" }
[[channel]]
name = "own.{user}"
allow_subscribe = "owner"
allow_publish = "owner"
[[channel]]
name = "closed.{id}"
allow_subscribe = "nobody"
"""
