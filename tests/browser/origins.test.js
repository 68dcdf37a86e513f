// Pages from elsewhere: one whose origin is listed, one whose origin is not.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { startUsher } from './usher-process.js';
import { basic, launchChromium, takeTicket } from './visitors.js';

/** A web server of its own, on its own port, with an empty page and the client. */
async function startSite() {
  const client = await readFile(new URL('../../clients/js/usher.js', import.meta.url));
  const server = http.createServer((request, response) => {
    const isClient = request.url === '/usher.js';
    response.setHeader('Content-Type', isClient ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isClient ? client : '<!doctype html><title>elsewhere</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

let listed;
let stranger;
let usher;
let browser;

before(async () => {
  listed = await startSite();
  stranger = await startSite();
  usher = await startUsher({ settings: [`origins.allow=["${listed.origin}"]`] });
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await usher?.stop();
  listed?.stop();
  stranger?.stop();
});

async function onPageOf(site, run, argument) {
  const page = await browser.newPage();
  await page.goto(site.origin);
  const result = await page.evaluate(run, argument);
  await page.close();
  return result;
}

/** In the page: by the client, as an application would; resolves with the first state that is not `connecting`. */
async function comeIn({ url, authorization }) {
  const { connect, fetchTicket } = await import('/usher.js');
  return new Promise((resolve) => {
    const connection = connect({
      url: `${url}/channels/room.lobby`,
      ticket: () => fetchTicket(`${url}/tickets`, { headers: { Authorization: authorization } }),
      onState: ({ state, hello }) => {
        if (state === 'connecting') return;
        resolve({ state, user: hello?.user ?? null });
        connection.close();
      },
    });
  });
}

/** In the page: a bare WebSocket with a ticket from somewhere; resolves with what the browser shows. */
function showTicket({ url, ticket }) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/room.lobby`, ['usher.json.v1', `usher.ticket.${ticket}`]);
    socket.onopen = () => {
      socket.onclose = null;
      socket.close();
      resolve('open');
    };
    socket.onclose = ({ code }) => resolve(code);
  });
}

test('a page whose origin is listed takes a ticket and comes in', async () => {
  const result = await onPageOf(listed, comeIn, { url: usher.url, authorization: basic('ada') });
  assert.deepEqual(result, { state: 'open', user: 'ada' });
});

test('one whose origin is not listed gets no ticket', async () => {
  const result = await onPageOf(stranger, comeIn, { url: usher.url, authorization: basic('ada') });
  assert.deepEqual(result, { state: 'waiting', user: null });
});

test('one whose origin is not listed cannot use a ticket, and does not spend it', async () => {
  const ticket = await takeTicket(usher.url, 'ada', listed.origin);
  assert.equal(await onPageOf(stranger, showTicket, { url: usher.url, ticket }), 1006);
  assert.equal(await onPageOf(listed, showTicket, { url: usher.url, ticket }), 'open');
});

test('a ticket that one origin took opens nothing for another, and is spent', async () => {
  const ticket = await takeTicket(usher.url, 'ada', usher.url);
  assert.equal(await onPageOf(listed, showTicket, { url: usher.url, ticket }), 1006);
  assert.equal(await onPageOf({ origin: usher.url }, showTicket, { url: usher.url, ticket }), 1006);
});
