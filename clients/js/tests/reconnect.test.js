import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UsherError, afterClose } from '../usher.js';
import { settled, stage } from './stage.js';

test('what each close code means', async (t) => {
  const cases = [
    // code, reason, comes back, forgets the position, told to wait
    [1000, '', false, false, null],
    [1001, '', true, false, null],
    [1001, 'retry=1500', true, false, 1500],
    [1001, 'drain retry=20 since=7:e1', true, false, 20],
    [1001, 'retry=soon', true, false, null],
    [1001, 'retry=-5', true, false, null],
    [1001, 'noretry=5', true, false, null],
    [1002, 'retry=5', false, false, null],
    [1003, '', false, false, null],
    [1005, '', true, false, null],
    [1006, '', true, false, null],
    [1007, '', false, false, null],
    [1009, '', false, false, null],
    [1010, '', false, false, null],
    [1011, '', true, false, null],
    [1012, '', true, false, null],
    [1013, '', true, false, null],
    [1015, '', true, false, null],
    [3000, '', true, false, null],
    [4400, '/text', false, false, null],
    [4401, '', true, false, null],
    [4403, '', false, false, null],
    [4404, '', true, true, null],
    [4408, '', true, false, null],
    [4409, '', true, false, null],
    [4410, '', false, false, null],
    [4410, 'retry=100', true, false, 100],
    [4429, '', true, false, null],
    [4999, '', true, false, null],
  ];
  for (const [code, reason, retry, forget, toldMs] of cases) {
    await t.test(`${code} ${reason}`, () => {
      const end = afterClose(code, reason);
      assert.deepEqual([end.retry, end.forget, end.toldMs], [retry, forget, toldMs]);
    });
  }
  assert.ok(afterClose(4429).atLeastMs >= 1000);
});

test('a session that usher ends for good stays closed, and nothing is left behind', async () => {
  for (const code of [1000, 1002, 1009, 4400, 4403, 4410]) {
    const { clock, sockets, last, said, connection } = await stage();
    last().open();
    await last().drop(code, 'because');
    assert.deepEqual(said.at(-1), ['closed', code, 'because', null]);
    assert.equal(connection.state, 'closed');
    assert.equal(clock.waiting, 0);
    await clock.advance(600_000);
    assert.equal(sockets.length, 1);
  }
});

test('each try shows a fresh ticket beside the dialect', async () => {
  const { clock, sockets, last } = await stage();
  await last().drop();
  await clock.advance(500);
  await last().drop();
  await clock.advance(1000);
  assert.deepEqual(
    sockets.map(({ protocols }) => protocols),
    ['t1', 't2', 't3'].map((ticket) => ['usher.json.v1', `usher.ticket.${ticket}`]),
  );
});

test('without a ticket function only the dialect is offered', async () => {
  const { last } = await stage({ ticket: undefined });
  assert.deepEqual(last().protocols, ['usher.json.v1']);
});

test('the back-off doubles to 30 s, with full jitter', async () => {
  for (const [dice, expected] of [
    [0, [0, 0, 0, 0, 0, 0, 0]],
    [0.5, [500, 1000, 2000, 4000, 8000, 15000, 15000]],
    [0.999, [999, 1998, 3996, 7992, 15984, 29970, 29970]],
  ]) {
    const { clock, last, said } = await stage({ random: () => dice });
    for (const ms of expected) {
      await last().drop();
      assert.deepEqual(said.at(-1), ['waiting', 1006, '', ms]);
      await clock.advance(ms);
    }
  }
});

test('only a session that lasted resets the back-off', async () => {
  const { clock, last, said } = await stage();
  for (const ms of [500, 1000, 2000]) {
    last().open();
    await clock.advance(4_000);
    await last().drop();
    assert.equal(said.at(-1)[3], ms);
    await clock.advance(ms);
  }
  last().open();
  await clock.advance(5_000);
  await last().drop();
  assert.equal(said.at(-1)[3], 500);
});

test("usher's own waiting time is obeyed, and not cut short", async () => {
  const { clock, sockets, last, said, window } = await stage();
  last().open();
  await last().drop(1001, 'retry=7000');
  assert.deepEqual(said.at(-1), ['waiting', 1001, 'retry=7000', 7000]);
  window.dispatchEvent(new Event('online'));
  await clock.advance(6_999);
  assert.equal(sockets.length, 1);
  await clock.advance(1);
  assert.equal(sockets.length, 2);
});

test('too fast: later than the back-off alone', async () => {
  const { last, said } = await stage({ random: () => 0 });
  last().open();
  await last().drop(4429, '');
  assert.ok(said.at(-1)[3] >= 1000);
});

test('the network or the eye coming back ends a wait', async () => {
  for (const wake of [
    ({ window }) => window.dispatchEvent(new Event('online')),
    ({ document }) => document.dispatchEvent(new Event('visibilitychange')),
  ]) {
    const scene = await stage();
    await scene.last().drop();
    wake(scene);
    await settled();
    assert.equal(scene.sockets.length, 2);
    wake(scene);
    await settled();
    assert.equal(scene.sockets.length, 2, 'a try under way is left alone');
  }
});

test('a hidden page waits', async () => {
  const { sockets, last, document } = await stage();
  await last().drop();
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  await settled();
  assert.equal(sockets.length, 1);
});

test('a try that gets no answer is given up', async () => {
  const { clock, last, sockets, said } = await stage();
  await clock.advance(30_000);
  assert.deepEqual(said.at(-1), ['waiting', 1006, 'no answer in time', 500]);
  assert.ok(sockets[0].closed);
  sockets[0].onclose({ code: 1006, reason: '' });
  await clock.advance(500);
  assert.equal(sockets.length, 2);
  last().open();
  assert.equal(said.at(-1)[0], 'open');
});

test('a ticket that does not come', async (t) => {
  await t.test('is asked for again, with back-off', async () => {
    let tries = 0;
    const { clock, sockets, said } = await stage({
      ticket: async () => {
        if (++tries < 3) throw new Error('no network');
        return 't';
      },
    });
    assert.deepEqual(said.at(-1), ['waiting', null, 'no network', 500]);
    await clock.advance(500);
    assert.deepEqual(said.at(-1), ['waiting', null, 'no network', 1000]);
    await clock.advance(1000);
    assert.equal(sockets.length, 1);
  });

  await t.test('after the time that the answer names', async () => {
    const { said } = await stage({
      ticket: () => Promise.reject(new UsherError('overloaded', 'busy', { status: 503, retryInMs: 9000 })),
    });
    assert.deepEqual(said.at(-1), ['waiting', null, 'busy', 9000]);
  });

  await t.test('ends the connection when it never will', async () => {
    const { said, clock } = await stage({
      ticket: () => Promise.reject(new UsherError('unauthorized', 'wrong password', { status: 401, fatal: true })),
    });
    assert.deepEqual(said.at(-1), ['closed', null, 'wrong password', null]);
    assert.equal(clock.waiting, 0);
  });

  await t.test('comes too late and is not used', async () => {
    let give;
    const { sockets, connection } = await stage({ ticket: () => new Promise((resolve) => (give = resolve)) });
    connection.close();
    give('late');
    await settled();
    assert.equal(sockets.length, 0);
  });
});

test('what no WebSocket takes ends the connection', async () => {
  class Refusing {
    constructor() {
      throw new SyntaxError('invalid subprotocol');
    }
  }
  const { said } = await stage({ WebSocket: Refusing });
  assert.deepEqual(said.at(-1), ['closed', null, 'invalid subprotocol', null]);
});

test('closing by the page', async (t) => {
  const moments = {
    'before the socket': async () => {},
    'while open': async ({ last }) => last().open(),
    'while waiting': async ({ last }) => last().drop(),
  };
  for (const [name, prepare] of Object.entries(moments)) {
    await t.test(name, async () => {
      const scene = await stage();
      await prepare(scene);
      scene.connection.close();
      scene.connection.close();
      assert.deepEqual(scene.said.at(-1), ['closed', 1000, 'closed by the page', null]);
      assert.equal(scene.said.filter(([state]) => state === 'closed').length, 1);
      assert.equal(scene.clock.waiting, 0);
      scene.window.dispatchEvent(new Event('online'));
      await scene.clock.advance(600_000);
      assert.equal(scene.sockets.length, 1);
    });
  }

  await t.test('from within a callback', async () => {
    let scene = null;
    scene = await stage({ onGap: () => scene.connection.close() });
    scene.last().open();
    await scene.last().drop(4404);
    assert.equal(scene.connection.state, 'closed');
    assert.equal(scene.clock.waiting, 0);
  });
});
