// A stage for one connection: a scripted socket, a clock that moves only when told, and a record of everything the client said.

import { connect } from '../usher.js';

class Clock {
  now = 0;
  #timers = new Map();
  #last = 0;

  setTimeout = (callback, ms) => {
    this.#timers.set(++this.#last, { at: this.now + ms, callback });
    return this.#last;
  };

  clearTimeout = (id) => this.#timers.delete(id);

  get waiting() {
    return this.#timers.size;
  }

  /** Runs what is due within `ms`, in the order of time, and lets promises settle after each. */
  async advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = due[1].at;
      due[1].callback();
      await settled();
    }
    this.now = end;
  }
}

/** Until every promise that can go on has gone on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/**
 * `options` go to `connect`; `random` is the dice of the back-off (default: the middle). The tickets are t1, t2, … The answer has
 * `sockets` (with `open`, `receive`, `drop` to play usher's part), `said` (what the callbacks got, in order) and the clock.
 */
export async function stage(options = {}) {
  const clock = new Clock();
  const sockets = [];
  const said = [];
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  let tickets = 0;

  class ScriptedSocket {
    sent = [];
    closed = null;

    constructor(url, protocols) {
      this.url = url;
      this.protocols = protocols;
      sockets.push(this);
    }

    send(data) {
      this.sent.push(data);
    }

    close(code, reason) {
      this.closed = { code, reason };
    }

    open(hello = { session: 's', user: 'ada', offset: 7, epoch: 'e1' }) {
      this.onopen?.({});
      if (hello) this.receive({ hello });
    }

    receive(...frames) {
      for (const frame of frames) this.onmessage({ data: typeof frame === 'object' ? JSON.stringify(frame) : frame });
    }

    async drop(code = 1006, reason = '') {
      this.onclose({ code, reason });
      await settled();
    }
  }

  const connection = connect({
    url: 'ws://usher.test/channels/room.lobby',
    ticket: async () => `t${++tickets}`,
    onMessage: (message) => said.push(['message', message]),
    onGap: (gap) => said.push(['gap', gap.missed, gap.cause]),
    onState: ({ state, code, reason, willRetryInMs }) => said.push([state, code, reason, willRetryInMs]),
    WebSocket: ScriptedSocket,
    random: () => 0.5,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    window,
    document,
    ...options,
  });
  await settled();
  return { connection, clock, sockets, said, window, document, last: () => sockets.at(-1) };
}
