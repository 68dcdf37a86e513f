// A real usher on a free port with a channel of its own, and tickets for it.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BINARY = process.env.USHER_BINARY ?? fileURLToPath(new URL('../../build/usher', import.meta.url));
const START_MS_MAX = 60_000;

function configuration(digest) {
  return `
[websocket]
compression = true
[[auth.api_key]]
name = "tests"
sha256 = "${digest}"
rights = ["publish", "tickets", "read"]
[[channel]]
name = "room.{room}"
allow_subscribe = "user"
allow_publish = "user"
history = { size = 100, ttl = "10m", position_ttl = "1h" }
`;
}

/** Resolves to the address in the line `listening on …`; rejects with all that was said when none comes. */
function listening(child) {
  return new Promise((resolve, reject) => {
    const said = [];
    const fail = (why) => reject(new Error(`usher did not start (${why}):\n${said.join('\n')}`));
    const deadline = setTimeout(() => fail('no line in time'), START_MS_MAX);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const found = /listening on http:\/\/(\S+)/.exec(line);
      if (!found) return;
      clearTimeout(deadline);
      resolve(found[1]);
    });
  });
}

/** Starts usher with two workers; `mint(user)` gives a ticket, `stop()` ends it well. */
export async function startGateway() {
  const folder = await mkdtemp(path.join(tmpdir(), 'usher-node-'));
  const file = path.join(folder, 'usher.toml');
  const key = randomBytes(32).toString('base64url');
  await writeFile(file, configuration(createHash('sha256').update(key).digest('hex')));
  const flags = ['--listen', '127.0.0.1:0', '--workers', '2', '--set', 'server.drain=0s', '--set', 'server.drain_delay=0s'];
  // Without USHER_BINARY, which usher would read as a key of its configuration.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_')));
  const child = spawn(BINARY, ['serve', '--config', file, ...flags], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const host = await listening(child);

  async function call(method, body) {
    const response = await fetch(`http://${host}/api/${method}`, {
      method: 'POST',
      headers: { 'X-API-Key': key },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  return {
    url: (room) => `ws://${host}/channels/room.${room}`,
    mint: async (user) => (await call('tickets', { user })).ticket,
    publish: (room, data) => call('publish', { channel: `room.${room}`, data }),
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
