// The browser client of an usher channel: one socket, one channel, a fresh single-use ticket for each try.
//
// A page cannot see why a handshake was refused: browsers report every refusal as close code 1006. So this client treats 1006 as
// "try again with another ticket, later", and only the close codes of an opened session as usher's word.

/** @typedef {import('./usher.d.ts').ConnectOptions} ConnectOptions */
/** @typedef {import('./usher.d.ts').Position} Position */

const JSON_DIALECT = 'usher.json.v1';
const TICKET_PREFIX = 'usher.ticket.';

/** A try, from asking for a ticket to `hello`, that takes longer than this is given up: no ticket lives longer. */
const TRY_MS_MAX = 30_000;
/** A session this old resets the back-off: one that opens and breaks at once must not be hammered. */
const STABLE_MS = 5_000;
const BACK_OFF_MS_FIRST = 1_000;
const BACK_OFF_MS_MAX = 30_000;
/** How long "later" is at least, after a close for being too fast. */
const TOO_FAST_MS = 5_000;

/** What a close code says about coming back. A code that is not listed is treated as 1006: back off and try again. */
const ENDS = new Map([
  [1000, 'stop'],
  [1001, 'again'],
  [1002, 'stop'],
  [1003, 'stop'],
  [1007, 'stop'],
  [1009, 'stop'],
  [1010, 'stop'],
  [1011, 'again'],
  [1012, 'again'],
  [1013, 'again'],
  [4400, 'stop'],
  [4401, 'again'],
  [4403, 'stop'],
  [4404, 'forget'],
  [4408, 'again'],
  [4409, 'again'],
  [4410, 'stop unless said'],
  [4429, 'later'],
]);

/** What went wrong with a publication or a ticket. `fatal` on an error thrown by `ticket` ends the connection for good. */
export class UsherError extends Error {
  /** @param {string} code @param {string} message @param {{status?: number, fatal?: boolean, retryInMs?: number}} [more] */
  constructor(code, message, more = {}) {
    super(message);
    this.name = 'UsherError';
    this.code = code;
    this.status = more.status ?? null;
    this.fatal = more.fatal ?? false;
    this.retryInMs = more.retryInMs ?? null;
  }
}

/**
 * What the end of a session means: whether to come back, whether the position still counts, and the waiting time that usher asked
 * for (`retry=<ms>` in the reason) or null. `atLeastMs` comes on top of the usual back-off.
 */
export function afterClose(code, reason = '') {
  const rule = ENDS.get(code) ?? 'again';
  const told = /(?:^|\s)retry=(\d{1,8})(?:\s|$)/.exec(reason);
  const retry = rule === 'stop unless said' ? told !== null : rule !== 'stop';
  return {
    retry,
    forget: rule === 'forget',
    toldMs: retry && told ? Number(told[1]) : null,
    atLeastMs: rule === 'later' ? TOO_FAST_MS : 0,
  };
}

/**
 * Asks `url` for a ticket by POST; `init` is what `fetch` takes (headers, credentials, body). Throws an UsherError that is fatal
 * where asking again cannot help: wrong password, no right, no such path.
 */
export async function fetchTicket(url, init = {}) {
  const response = await fetch(url, { method: 'POST', cache: 'no-store', ...init });
  const body = await response.json().catch(() => ({}));
  if (response.ok && typeof body.ticket === 'string') return body.ticket;
  const { status } = response;
  const passing = response.ok || status >= 500 || status === 408 || status === 429;
  const seconds = Number(response.headers.get('Retry-After') || NaN);
  throw new UsherError(body.code ?? 'ticket_failed', body.detail ?? `No ticket: HTTP ${status}.`, {
    status,
    fatal: !passing,
    retryInMs: seconds >= 0 ? seconds * 1000 : undefined,
  });
}

/** Opens a connection that lasts: it comes back by itself until `close()`, or until usher says that it must not. */
export function connect(/** @type {ConnectOptions} */ options) {
  return new Connection(options);
}

class Connection {
  #options;
  #state = 'connecting';
  /** @type {Position | null} where the stream goes on from: hello's, then each publication's, then each gap's. */
  #position;
  /** The try under way or the open session; null while waiting and when closed. Late events of an older one find it replaced. */
  #attempt = null;
  #failures = 0;
  #openedBefore = false;
  #lossTold = false;
  #wakeable = false;
  #timer = null;
  #lastId = 0;
  #pending = new Map();

  constructor(options) {
    this.#options = {
      protocol: JSON_DIALECT,
      resume: true,
      onMessage() {},
      onGap() {},
      onState() {},
      WebSocket: globalThis.WebSocket,
      random: Math.random,
      // Wrapped, since browsers refuse their timers as methods of another object.
      setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
      clearTimeout: (timer) => globalThis.clearTimeout(timer),
      window: globalThis,
      document: globalThis.document,
      ...options,
    };
    this.#position = options.since ?? null;
    this.#options.window?.addEventListener?.('online', this.#wake);
    this.#options.document?.addEventListener?.('visibilitychange', this.#wake);
    // Not at once: the caller first gets the object that its callbacks may want to use.
    queueMicrotask(() => this.#state === 'connecting' && this.#try());
  }

  get state() {
    return this.#state;
  }

  get position() {
    return this.#position && { ...this.#position };
  }

  /**
   * Publishes a JSON value (or bytes) and resolves with `{offset}` once usher accepted it. Rejects with an UsherError whose code is
   * usher's, `not_open` (nothing was sent) or `connection_lost` (it may or may not have been published). In other dialects than
   * json, data is sent as it is and the promise resolves when the socket has taken it.
   */
  async publish(data) {
    const socket = this.#attempt?.socket;
    if (this.#state !== 'open' || !socket) throw new UsherError('not_open', 'The connection is not open.');
    if (!this.#isJson) {
      socket.send(data);
      return {};
    }
    const bytes = asBytes(data);
    const text = JSON.stringify(bytes ? { base64: toBase64(bytes) } : { data });
    if (text === '{}') throw new TypeError('What is published must be a JSON value or bytes.');
    const id = ++this.#lastId;
    socket.send(`{"id":${id},${text.slice(1)}`);
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  /** Ends the connection for good. */
  close() {
    if (this.#state === 'closed') return;
    const socket = this.#attempt?.socket;
    this.#leaveAttempt();
    socket?.close(1000);
    this.#stop(1000, 'closed by the page');
  }

  get #isJson() {
    return this.#options.protocol === JSON_DIALECT;
  }

  async #try() {
    const attempt = (this.#attempt = { socket: null, resumes: false });
    this.#arm(TRY_MS_MAX, () => {
      attempt.socket?.close();
      this.#end(attempt, 1006, 'no answer in time');
    });
    this.#enter('connecting');
    let ticket;
    try {
      ticket = await this.#options.ticket?.();
    } catch (error) {
      this.#noTicket(attempt, error);
      return;
    }
    if (attempt !== this.#attempt) return;
    try {
      const protocols = [this.#options.protocol, ...(ticket ? [TICKET_PREFIX + ticket] : [])];
      attempt.socket = new this.#options.WebSocket(this.#address(attempt), protocols);
    } catch (error) {
      // A URL, a protocol or a ticket that no WebSocket takes: the next try would fail in the same way.
      this.#leaveAttempt();
      this.#stop(null, String(error?.message ?? error));
      return;
    }
    this.#listen(attempt);
  }

  #listen(attempt) {
    const { socket } = attempt;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => attempt === this.#attempt && !this.#isJson && this.#opened(attempt, null);
    socket.onmessage = (event) => attempt === this.#attempt && this.#received(attempt, event.data);
    socket.onclose = (event) => this.#end(attempt, event.code, event.reason ?? '');
    // The close event follows and says all that there is to know; Node's `ws` throws where nobody listens.
    socket.onerror = () => {};
  }

  #address(attempt) {
    const { url, history, resume } = this.#options;
    const address = new URL(url, globalThis.location?.href);
    address.protocol = address.protocol.replace(/^http/, 'ws');
    attempt.resumes = resume && this.#position !== null;
    if (attempt.resumes) address.searchParams.set('since', `${this.#position.offset}:${this.#position.epoch}`);
    else if (history) address.searchParams.set('history', history);
    return address.href;
  }

  #received(attempt, data) {
    if (!this.#isJson) {
      this.#options.onMessage({ data });
      return;
    }
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      attempt.socket.close(4400, 'not JSON');
      this.#end(attempt, 1006, 'a message that is not JSON');
      return;
    }
    if (frame.hello) this.#opened(attempt, frame.hello);
    else if (frame.gap) this.#gap(frame.gap);
    else if (frame.ack) this.#settle(frame.ack.id)?.resolve(frame.ack);
    else if (frame.error) this.#settle(frame.error.id)?.reject(new UsherError(frame.error.code, frame.error.message));
    else this.#publication(frame);
  }

  #opened(attempt, hello) {
    const before = this.#position;
    const here = hello?.epoch === undefined ? null : positionOf(hello);
    const sameStream = here !== null && before?.epoch === here.epoch;
    const lossKnown = this.#openedBefore && !this.#lossTold && !attempt.resumes;
    // With `history`, what is sent first may begin before what is already here: the position does not go back.
    if (!sameStream || here.offset > before.offset) this.#position = here;
    this.#openedBefore = true;
    this.#lossTold = false;
    this.#arm(STABLE_MS, () => (this.#failures = 0));
    this.#enter('open', { hello });
    if (!lossKnown || attempt !== this.#attempt) return;
    if (!sameStream) this.#options.onGap({ missed: null, cause: 'no_position' });
    else if (here.offset > before.offset) this.#options.onGap({ missed: here.offset - before.offset, cause: 'no_position' });
  }

  #gap(gap) {
    if (gap.epoch !== undefined) this.#position = positionOf(gap);
    this.#options.onGap({ missed: gap.missed ?? null, cause: 'slow' });
  }

  #publication(frame) {
    const { base64, ...message } = frame;
    if (message.offset !== undefined && this.#position) {
      if (message.offset <= this.#position.offset) return;
      this.#position = { ...this.#position, offset: message.offset };
    }
    if (base64 !== undefined) message.data = fromBase64(base64);
    this.#options.onMessage(message);
  }

  #settle(id) {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }

  #end(attempt, code, reason) {
    if (attempt !== this.#attempt) return;
    const end = afterClose(code, reason);
    this.#leaveAttempt();
    // Dialects without offsets learn their position only from the reason of a close; it counts until the next session opens.
    if (!this.#isJson) this.#position = positionIn(reason) ?? this.#position;
    if (end.forget) {
      this.#position = null;
      this.#lossTold = true;
      this.#options.onGap({ missed: null, cause: 'position_gone' });
    }
    if (this.#state === 'closed') return;
    if (!end.retry) this.#stop(code, reason);
    else if (end.toldMs !== null) this.#wait(code, reason, end.toldMs, false);
    else if (end.forget && attempt.resumes) this.#wait(code, reason, 0, true);
    else this.#wait(code, reason, end.atLeastMs + this.#backOff(), end.atLeastMs === 0);
  }

  #noTicket(attempt, error) {
    if (attempt !== this.#attempt) return;
    this.#leaveAttempt();
    const reason = String(error?.message ?? error);
    const told = error?.retryInMs ?? null;
    if (error?.fatal) this.#stop(null, reason);
    else this.#wait(null, reason, told ?? this.#backOff(), told === null);
  }

  /** Full jitter: anything from nothing to the bound, so that many pages do not come back together. */
  #backOff() {
    const bound = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_FIRST * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return Math.round(this.#options.random() * bound);
  }

  #wait(code, reason, ms, wakeable) {
    this.#wakeable = wakeable;
    this.#arm(ms, () => this.#try());
    this.#enter('waiting', { code, reason, willRetryInMs: ms });
  }

  /** The network is back, or somebody looks at the page: a wait that usher did not ask for ends at once. */
  #wake = () => {
    if (this.#state !== 'waiting' || !this.#wakeable || this.#options.document?.visibilityState === 'hidden') return;
    this.#try();
  };

  #stop(code, reason) {
    this.#options.window?.removeEventListener?.('online', this.#wake);
    this.#options.document?.removeEventListener?.('visibilitychange', this.#wake);
    this.#enter('closed', { code, reason });
  }

  /** Nothing of the attempt is heard from here on; publications without an answer stay unknown. */
  #leaveAttempt() {
    this.#attempt = null;
    this.#disarm();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) {
      reject(new UsherError('connection_lost', 'The connection ended before usher answered; it may have been published.'));
    }
  }

  #enter(state, more) {
    this.#state = state;
    this.#options.onState({ state, code: null, reason: '', willRetryInMs: null, hello: null, ...more });
  }

  /** There is one deadline at a time: of the try, of the young session, or of the wait. */
  #arm(ms, callback) {
    this.#disarm();
    this.#timer = this.#options.setTimeout(callback, ms);
  }

  #disarm() {
    if (this.#timer !== null) this.#options.clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function positionOf({ offset, epoch }) {
  return { offset, epoch };
}

function positionIn(reason) {
  const found = /(?:^|\s)since=(\d{1,16}):([\w-]{1,32})$/.exec(reason);
  return found && { offset: Number(found[1]), epoch: found[2] };
}

function asBytes(data) {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : null;
}

function toBase64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
