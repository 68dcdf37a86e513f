import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { fetchTicket } from '../usher.js';

const problem = (code, detail) => JSON.stringify({ type: 'about:blank', code, detail });

test('asking for a ticket', async (t) => {
  const cases = [
    // name, status, headers, body, what comes of it
    ['a ticket', 201, {}, '{"ticket":"ust_x","expires_in":30}', { ticket: 'ust_x' }],
    ['wrong password', 401, {}, problem('unauthorized', 'No.'), { code: 'unauthorized', message: 'No.', fatal: true, retryInMs: null }],
    ['not allowed', 403, {}, problem('origin', 'Not from here.'), { code: 'origin', fatal: true }],
    ['no such path', 404, {}, '<html>', { code: 'ticket_failed', message: 'No ticket: HTTP 404.', fatal: true }],
    ['too many', 429, {}, problem('too_fast', 'Slower.'), { code: 'too_fast', fatal: false, status: 429 }],
    ['busy', 503, { 'Retry-After': '7' }, problem('overloaded', 'Busy.'), { fatal: false, retryInMs: 7000 }],
    ['busy until a date', 503, { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '', { fatal: false, retryInMs: null }],
    ['broken on the way', 502, {}, '<html>', { fatal: false, status: 502 }],
    ['an answer without a ticket', 200, {}, '{}', { fatal: false, status: 200 }],
  ];
  for (const [name, status, headers, body, expected] of cases) {
    await t.test(name, async () => {
      const asked = mock.method(globalThis, 'fetch', async () => new Response(body, { status, headers }));
      const answer = fetchTicket('http://usher.test/tickets', { headers: { Authorization: 'Basic YTpi' } });
      if (expected.ticket) assert.equal(await answer, expected.ticket);
      else await assert.rejects(answer, { name: 'UsherError', ...expected });
      const [url, init] = asked.mock.calls[0].arguments;
      assert.equal(url, 'http://usher.test/tickets');
      assert.equal(init.method, 'POST');
      assert.equal(init.cache, 'no-store');
      assert.equal(init.headers.Authorization, 'Basic YTpi');
      mock.restoreAll();
    });
  }
});
