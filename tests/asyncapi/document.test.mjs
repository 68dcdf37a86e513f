// What a running usher says of itself, read by AsyncAPI's own parser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { validate } from './validate.mjs';

const BINARY = process.env.USHER_BINARY ?? fileURLToPath(new URL('../../build/usher', import.meta.url));

/** Starts `usher serve --demo` on a free port and resolves with the process and its address. */
async function startUsher() {
  // usher reads USHER_… as configuration, and the name of the program is none.
  const { USHER_BINARY, ...env } = process.env;
  const child = spawn(BINARY, ['serve', '--demo', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const found = /listening on (http:\/\/\S+)/.exec(line);
    if (!found) continue;
    child.stderr.resume();
    return { child, url: found[1] };
  }
  throw new Error(`usher did not start:\n${said.join('\n')}`);
}

async function stop({ child }) {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

let usher;
before(async () => {
  usher = await startUsher();
});
after(() => stop(usher));

test('the document is valid, and the parser has nothing to say against it', async () => {
  const response = await fetch(`${usher.url}/asyncapi.json`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^application\/json/);
  const { document, findings } = await validate(await response.text());
  assert.deepEqual(findings.map(({ text }) => text), []);
  const [server] = document.servers().all();
  assert.equal(server.host(), new URL(usher.url).host);
  assert.equal(server.protocol(), 'ws');
  const room = document.channels().all().find((channel) => channel.address() === '/channels/room.{room}');
  assert.ok(room, 'the room of the demo is described');
  const actions = document.operations().all().map((operation) => operation.action());
  assert.deepEqual([...new Set(actions)].sort(), ['receive', 'send']);
});

test('the parser finds the mistakes that it is asked to find', async () => {
  const text = await (await fetch(`${usher.url}/asyncapi.json`)).text();
  const broken = JSON.parse(text);
  delete broken.info.title;
  const { findings } = await validate(JSON.stringify(broken));
  assert.ok(findings.some(({ severity }) => severity === 'error'));
});

test('the same configuration gives the same bytes', async () => {
  const texts = await Promise.all([1, 2].map(async () => (await fetch(`${usher.url}/asyncapi.json`)).text()));
  assert.equal(texts[0], texts[1]);
});

test('the page loads its style and nothing foreign', async () => {
  const response = await fetch(`${usher.url}/docs`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-security-policy'), /default-src 'none'/);
  const html = await response.text();
  assert.match(html, /room\.\{room\}/);
  const loaded = [...html.matchAll(/<(?:link|script|img|iframe)[^>]*(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
  assert.deepEqual(loaded, ['/docs/style.css']);
  const style = await fetch(`${usher.url}/docs/style.css`);
  assert.equal(style.status, 200);
  assert.match(style.headers.get('content-type'), /^text\/css/);
});
