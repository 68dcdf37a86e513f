import assert from 'node:assert/strict';
import { test } from 'node:test';

import { stage } from './stage.js';

const publication = (offset, data = offset) => ({ offset, time: 1795357739.5, user: 'grace', data });
const since = ({ url }) => new URL(url).searchParams.get('since');
const history = ({ url }) => new URL(url).searchParams.get('history');
const offsets = (said) => said.filter(([kind]) => kind === 'message').map(([, { offset }]) => offset);
const gaps = (said) => said.filter(([kind]) => kind === 'gap').map(([, missed, cause]) => [missed, cause]);

async function reopened(scene, hello) {
  await scene.last().drop();
  await scene.clock.advance(60_000);
  scene.last().open(hello);
}

test('addresses', async (t) => {
  const cases = [
    ['http becomes ws', 'http://usher.test/channels/a', {}, 'ws://usher.test/channels/a'],
    ['https becomes wss', 'https://usher.test/channels/a', {}, 'wss://usher.test/channels/a'],
    ['a query stays', 'ws://usher.test/a?demo=1', { history: 5 }, 'ws://usher.test/a?demo=1&history=5'],
    ['a position is given', 'ws://usher.test/a', { since: { offset: 3, epoch: 'e' } }, 'ws://usher.test/a?since=3%3Ae'],
    [
      'a position counts more than history',
      'ws://usher.test/a',
      { since: { offset: 3, epoch: 'e' }, history: 5 },
      'ws://usher.test/a?since=3%3Ae',
    ],
  ];
  for (const [name, url, options, expected] of cases) {
    await t.test(name, async () => {
      const { last } = await stage({ url, ...options });
      assert.equal(last().url, expected);
    });
  }
});

test('the position is that of hello, then of each publication, then of each gap', async () => {
  const { connection, last, said } = await stage();
  assert.equal(connection.position, null);
  last().open({ session: 's', user: 'ada', offset: 7, epoch: 'e1' });
  assert.deepEqual(connection.position, { offset: 7, epoch: 'e1' });
  last().receive(publication(8));
  assert.deepEqual(connection.position, { offset: 8, epoch: 'e1' });
  last().receive({ gap: { missed: 12, offset: 20, epoch: 'e1' } });
  assert.deepEqual(connection.position, { offset: 20, epoch: 'e1' });
  last().receive(publication(21));
  assert.deepEqual(offsets(said), [8, 21]);
  assert.deepEqual(gaps(said), [[12, 'slow']]);
});

test('coming back, it goes on where it was: nothing missing, nothing twice', async () => {
  const scene = await stage({ history: 50 });
  assert.equal(history(scene.last()), '50');
  scene.last().open();
  scene.last().receive(publication(8), publication(9));
  await reopened(scene, { session: 's2', user: 'ada', offset: 9, epoch: 'e1' });
  assert.equal(since(scene.last()), '9:e1');
  assert.equal(history(scene.last()), null);
  scene.last().receive(publication(9), publication(10), publication(10), publication(11));
  assert.deepEqual(offsets(scene.said), [8, 9, 10, 11]);
  assert.deepEqual(gaps(scene.said), []);
});

test('a position that is gone is said at once, and the stream begins anew', async () => {
  const scene = await stage({ history: 50 });
  scene.last().open();
  scene.last().receive(publication(8));
  await scene.last().drop(1012);
  await scene.clock.advance(500);
  await scene.last().drop(4404);
  assert.deepEqual(gaps(scene.said), [[null, 'position_gone']]);
  assert.deepEqual(scene.said.at(-1), ['waiting', 4404, '', 0]);
  await scene.clock.advance(0);
  assert.equal(since(scene.last()), null);
  assert.equal(history(scene.last()), '50');
  scene.last().open({ session: 's3', user: 'ada', offset: 0, epoch: 'e2' });
  scene.last().receive(publication(1), publication(2));
  assert.deepEqual(offsets(scene.said), [8, 1, 2]);
  assert.deepEqual(gaps(scene.said), [[null, 'position_gone']], 'said once');
});

test('4404 without having asked for a position backs off', async () => {
  const { last, said } = await stage();
  await last().drop(4404);
  assert.deepEqual(said.at(-1), ['waiting', 4404, '', 500]);
});

test('a channel without history: every return may have missed something', async () => {
  const scene = await stage();
  const hello = { session: 's', user: 'ada' };
  scene.last().open(hello);
  scene.last().receive({ time: 1, user: null, data: 'a' });
  assert.deepEqual(gaps(scene.said), []);
  scene.last().receive({ gap: { missed: 3 } });
  await reopened(scene, hello);
  assert.deepEqual(gaps(scene.said), [
    [3, 'slow'],
    [null, 'no_position'],
  ]);
  assert.equal(scene.connection.position, null);
});

test('without the right to history it says how many it missed', async () => {
  const scene = await stage({ resume: false });
  scene.last().open();
  scene.last().receive(publication(8));
  await reopened(scene, { session: 's', user: 'ada', offset: 8, epoch: 'e1' });
  assert.equal(since(scene.last()), null);
  assert.deepEqual(gaps(scene.said), []);
  await reopened(scene, { session: 's', user: 'ada', offset: 11, epoch: 'e1' });
  await reopened(scene, { session: 's', user: 'ada', offset: 2, epoch: 'e2' });
  assert.deepEqual(gaps(scene.said), [
    [3, 'no_position'],
    [null, 'no_position'],
  ]);
});

test('messages', async (t) => {
  const cases = [
    ['json', { user: 'grace', time: 2, offset: 8, data: { text: 'hi' } }, { user: 'grace', time: 2, offset: 8, data: { text: 'hi' } }],
    ['from the back end', { user: null, offset: 8, data: null }, { user: null, offset: 8, data: null }],
    ['bytes', { user: 'grace', offset: 8, base64: 'AP8=' }, { user: 'grace', offset: 8, data: Uint8Array.of(0, 255) }],
  ];
  for (const [name, frame, expected] of cases) {
    await t.test(name, async () => {
      const { last, said } = await stage();
      last().open();
      last().receive(frame);
      assert.deepEqual(said.at(-1), ['message', expected]);
    });
  }

  await t.test('what is not JSON ends the session, not the connection', async () => {
    const { last, said } = await stage();
    last().open();
    last().receive('{"hel');
    assert.equal(last().closed.code, 4400);
    assert.equal(said.at(-1)[0], 'waiting');
  });
});

test('publishing', async (t) => {
  await t.test('resolves with the ack of its id', async () => {
    const { connection, last } = await stage();
    last().open();
    const both = [connection.publish({ text: 'hi' }), connection.publish(null)];
    assert.deepEqual(last().sent, ['{"id":1,"data":{"text":"hi"}}', '{"id":2,"data":null}']);
    last().receive({ ack: { id: 2, offset: 9 } }, { ack: { id: 1, offset: 8 } });
    assert.deepEqual(await Promise.all(both), [
      { id: 1, offset: 8 },
      { id: 2, offset: 9 },
    ]);
  });

  await t.test('rejects with the error of its id', async () => {
    const { connection, last } = await stage();
    last().open();
    const refused = connection.publish(1);
    last().receive({ error: { id: 1, code: 'forbidden', message: 'You may not publish here.' } });
    await assert.rejects(refused, { name: 'UsherError', code: 'forbidden', message: 'You may not publish here.' });
    assert.equal(connection.state, 'open');
  });

  await t.test('bytes go as base64', async () => {
    const { connection, last } = await stage();
    last().open();
    connection.publish(Uint8Array.of(0, 255));
    connection.publish(Uint8Array.of(7, 0, 255).subarray(1).buffer);
    assert.deepEqual(last().sent, ['{"id":1,"base64":"AP8="}', '{"id":2,"base64":"BwD/"}']);
  });

  await t.test('what is not JSON is refused here', async () => {
    const { connection, last } = await stage();
    last().open();
    await assert.rejects(connection.publish(undefined), TypeError);
    assert.deepEqual(last().sent, []);
  });

  await t.test('while not open nothing is sent', async () => {
    const { connection, last } = await stage();
    await assert.rejects(connection.publish(1), { code: 'not_open' });
    last().onopen({});
    await assert.rejects(connection.publish(1), { code: 'not_open' }, 'the session begins with hello');
    assert.deepEqual(last().sent, []);
  });

  await t.test('a cut leaves it unknown, and it is not sent again', async () => {
    const scene = await stage();
    scene.last().open();
    const unknown = scene.connection.publish(1);
    const rejection = assert.rejects(unknown, { code: 'connection_lost' });
    await reopened(scene);
    await rejection;
    assert.deepEqual(scene.last().sent, []);
  });
});

test('other dialects', async (t) => {
  await t.test('payloads pass as they are, both ways', async () => {
    const { connection, last, said } = await stage({ protocol: 'chat' });
    assert.deepEqual(last().protocols, ['chat', 'usher.ticket.t1']);
    last().open(null);
    assert.equal(connection.state, 'open');
    last().receive('{"not": "parsed"');
    assert.deepEqual(said.at(-1), ['message', { data: '{"not": "parsed"' }]);
    assert.deepEqual(await connection.publish('hi'), {});
    assert.deepEqual(last().sent, ['hi']);
  });

  await t.test('the reason of a close carries the position, for one return', async () => {
    const scene = await stage({ protocol: 'usher.raw.v1' });
    scene.last().open(null);
    await scene.last().drop(4409, 'too slow since=12:e1');
    await scene.clock.advance(60_000);
    assert.equal(since(scene.last()), '12:e1');
    scene.last().open(null);
    assert.deepEqual(gaps(scene.said), []);
    await reopened(scene, null);
    assert.equal(since(scene.last()), null);
    assert.deepEqual(gaps(scene.said), [[null, 'no_position']]);
  });
});
