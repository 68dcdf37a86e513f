// A real usher on a free port, and a front of its own in which the lines can be cut.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BINARY = process.env.USHER_BINARY ?? fileURLToPath(new URL('../../build/usher', import.meta.url));
const START_MS_MAX = 20_000;
/** Without what usher would read as its configuration. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_')));

/** Starts `usher serve --demo` and resolves when it listens. `settings` are `KEY=VALUE` of the configuration. */
export async function startUsher({ port = 0, settings = [] } = {}) {
  const flags = settings.flatMap((setting) => ['--set', setting]);
  const child = spawn(BINARY, ['serve', '--demo', '--listen', `127.0.0.1:${port}`, ...flags], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = [];
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`usher did not start (${why}):\n${said.join('\n')}`));
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      fail('no line in time');
    }, START_MS_MAX);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const found = /listening on (http:\/\/\S+)/.exec(line);
      if (!found) return;
      clearTimeout(deadline);
      resolve(found[1]);
    });
  });
  const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
  return {
    url,
    port: Number(new URL(url).port),
    /** What it wrote to standard error. */
    log: () => said.join('\n'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** A TCP front before `port`: `cut` breaks every line and refuses new ones until `heal`. */
export async function startFront(port) {
  const lines = new Set();
  let whole = true;
  const server = net.createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = net.connect(port, '127.0.0.1');
    const line = { end: () => [near, far].forEach((socket) => socket.destroy()) };
    lines.add(line);
    for (const socket of [near, far]) {
      socket.on('error', line.end);
      socket.on('close', () => {
        line.end();
        lines.delete(line);
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutLines = () => [...lines].forEach((line) => line.end());
  return {
    port: server.address().port,
    cut() {
      whole = false;
      cutLines();
    },
    heal() {
      whole = true;
    },
    /** Breaks every line, and lets new ones through at once. */
    cutOnce: cutLines,
    async stop() {
      cutLines();
      server.close();
      await once(server, 'close');
    },
  };
}
