// Node's `ws` as a user of usher: a ticket in each place, both dialects, compressed and not, to the close.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { startGateway } from './gateway.js';

const JSON_DIALECT = 'usher.json.v1';
const RAW_DIALECT = 'usher.raw.v1';
const LONG = 'usher '.repeat(5000);

let gateway;
before(async () => {
  gateway = await startGateway();
});
after(async () => {
  assert.equal(await gateway.stop(), 0);
});

/** How a ticket is shown: (url, dialect, ticket) -> arguments of WebSocket. */
const PLACES = {
  protocol: (url, dialect, ticket) => [url, [dialect, `usher.ticket.${ticket}`], {}],
  header: (url, dialect, ticket) => [url, [dialect], { headers: { Authorization: `Ticket ${ticket}` } }],
  cookie: (url, dialect, ticket) => [url, [dialect], { headers: { Cookie: `usher_ticket=${ticket}` } }],
  query: (url, dialect, ticket) => [`${url}?ticket=${ticket}`, [dialect], {}],
};

/** An open socket whose messages can be awaited one by one. */
async function open(room, dialect, place = 'header', perMessageDeflate = true, user = 'ann') {
  const ticket = await gateway.mint(user);
  const [url, protocols, options] = PLACES[place](gateway.url(room), dialect, ticket);
  const socket = new WebSocket(url, protocols, { ...options, perMessageDeflate });
  const arrived = [];
  const waiting = [];
  socket.on('message', (data, binary) => {
    const message = binary ? data : data.toString();
    if (waiting.length) waiting.shift()(message);
    else arrived.push(message);
  });
  socket.next = () => (arrived.length ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve)));
  await once(socket, 'open');
  return socket;
}

async function close(socket, code) {
  const closed = once(socket, 'close');
  socket.close(code);
  const [received] = await closed;
  assert.equal(received, code);
}

for (const place of Object.keys(PLACES)) {
  for (const dialect of [JSON_DIALECT, RAW_DIALECT]) {
    for (const compressed of [true, false]) {
      test(`${place}, ${dialect}, ${compressed ? 'compressed' : 'plain'}`, async () => {
        const room = `${place}-${dialect.split('.')[1]}-${compressed}`;
        const socket = await open(room, dialect, place, compressed);
        assert.equal(socket.protocol, dialect);
        assert.equal(socket.extensions, compressed ? 'permessage-deflate' : '');
        if (dialect === RAW_DIALECT) {
          for (const text of ['hi', LONG, '']) {
            socket.send(text);
            assert.equal(await socket.next(), text);
          }
          socket.send(Buffer.from([0, 255]));
          assert.deepEqual(await socket.next(), Buffer.from([0, 255]));
        } else {
          assert.equal(JSON.parse(await socket.next()).hello.user, 'ann');
          socket.send(JSON.stringify({ data: { text: LONG }, id: 1 }));
          const publication = JSON.parse(await socket.next());
          assert.equal(publication.data.text, LONG);
          assert.equal(publication.user, 'ann');
          assert.deepEqual(JSON.parse(await socket.next()), { ack: { id: 1, offset: 1 } });
        }
        await close(socket, 1000);
      });
    }
  }
}

test('compressed and plain readers see the same', async () => {
  const sockets = await Promise.all([true, false, true].map((compressed) => open('mixed', RAW_DIALECT, 'header', compressed)));
  for (let number = 0; number < 50; number += 1) await gateway.publish('mixed', { number, text: LONG });
  for (const socket of sockets) {
    for (let number = 0; number < 50; number += 1) assert.equal(JSON.parse(await socket.next()).number, number);
    await close(socket, 4000);
  }
});

test('a fragmented message and a ping between', async () => {
  const socket = await open('fragments', RAW_DIALECT);
  socket.send('one ', { fin: false });
  const answered = once(socket, 'pong');
  socket.ping('between');
  assert.equal((await answered)[0].toString(), 'between');
  socket.send('two', { fin: true });
  assert.equal(await socket.next(), 'one two');
  await close(socket, 1000);
});

test('a ticket lets in once', async () => {
  const ticket = await gateway.mint('ann');
  const options = { headers: { Authorization: `Ticket ${ticket}` } };
  const first = new WebSocket(gateway.url('once'), [RAW_DIALECT], options);
  await once(first, 'open');
  const second = new WebSocket(gateway.url('once'), [RAW_DIALECT], options);
  const [, response] = await once(second, 'unexpected-response');
  assert.equal(response.statusCode, 401);
  response.destroy();
  second.on('error', () => {});
  second.terminate();
  await close(first, 1000);
});

test('what is wrong is told with its code', async () => {
  const socket = await open('wrong', JSON_DIALECT);
  await socket.next();
  const closed = once(socket, 'close');
  socket.send('no JSON');
  const [code, reason] = await closed;
  assert.equal(code, 4400);
  assert.notEqual(reason.toString(), '');
});
