// The room: messages, who wrote them (usher's word), and the connection's state.

import { find, keepAtEnd, make, makeTime } from './elements.js';

const ROOMS = ['lobby', 'balcony', 'backstage'];
/** A run of messages by one author keeps one head, while they follow each other within this time. */
const RUN_MS = 120_000;
const TONES = { ada: 0, grace: 1, linus: 2 };

const ENDS = {
  1000: 'usher closed the connection',
  1001: 'usher is going away',
  1006: 'the connection broke',
  1011: 'usher had an error',
  1012: 'usher is starting again',
  1013: 'usher asks to try again later',
  3000: 'you cut the line',
  4401: 'the session ran out',
  4403: 'you may not be here',
  4404: 'what was before is gone',
  4408: 'usher heard nothing from here',
  4409: 'this page was too slow',
  4410: 'usher ended the session',
  4429: 'too fast',
};

/** Why a connection ended, in words; `reason` speaks where there was no close at all. */
export const endText = (code, reason) => (code === null ? reason : (ENDS[code] ?? `closed with ${code}`));

/** The room that the address names: `#balcony`. Dots and colons would be another channel's name. */
export function roomInAddress() {
  const name = decodeURIComponent(location.hash.slice(1));
  return /^[\w-]{1,40}$/.test(name) ? name : ROOMS[0];
}

export class Room {
  #log = find('#log');
  #state = find('#state');
  #me = null;
  #run = null;

  /** Empties the room and puts its name up. */
  enter(name) {
    this.#log.replaceChildren();
    this.#run = null;
    find('#room-title').textContent = name;
    find('#text').placeholder = `Say something in ${name}`;
    const links = [...new Set([...ROOMS, name])].map((room) => {
      const link = make('a', '', room);
      link.href = `#${room}`;
      if (room === name) link.setAttribute('aria-current', 'page');
      return link;
    });
    find('#rooms').replaceChildren(...links);
  }

  /** Shows the connection's state, and answers it in words. */
  state({ state, code, reason, willRetryInMs, hello }) {
    if (hello) this.#me = hello.user;
    const words = {
      connecting: () => 'Coming in…',
      open: () => `Open, as ${this.#me}`,
      waiting: () => `Back in ${(willRetryInMs / 1000).toFixed(1)} s: ${endText(code, reason)}`,
      closed: () => `Closed: ${endText(code, reason)}`,
    };
    this.#state.dataset.state = state;
    this.#state.textContent = words[state]();
    return this.#state.textContent;
  }

  message({ user, data, time, offset }) {
    const text = data?.type === 'message' && typeof data.text === 'string' ? data.text : JSON.stringify(data);
    const at = time * 1000;
    keepAtEnd(this.#log, () => {
      if (!this.#run || this.#run.user !== user || at - this.#run.at > RUN_MS) this.#beginRun(user, at);
      this.#run.at = at;
      const bubble = make('p', 'bubble', text);
      if (offset !== undefined) bubble.title = `offset ${offset}`;
      this.#run.element.append(bubble);
    });
    if (user === this.#me) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** `missed` publications will never come; null: nobody knows how many. */
  gap({ missed }) {
    this.note(
      missed === null
        ? 'What was before is gone: usher no longer has it. The room goes on from here.'
        : `${missed} ${missed === 1 ? 'message was' : 'messages were'} skipped: this page was too slow.`,
      'gap',
    );
  }

  note(text, kind = 'plain') {
    this.#run = null;
    keepAtEnd(this.#log, () => this.#log.append(make('p', `note ${kind}`, make('span', '', text))));
  }

  #beginRun(user, at) {
    const name = user ?? 'the back end';
    const mine = user !== null && user === this.#me;
    const face = make('span', `face tone-${TONES[user] ?? 3}`, name[0].toUpperCase());
    face.setAttribute('aria-hidden', 'true');
    const head = make('p', 'by', make('strong', '', name), mine ? make('span', 'you', 'you') : '', makeTime(at));
    const element = make('div', 'says', head);
    this.#log.append(make('div', mine ? 'run mine' : 'run', face, element));
    this.#run = { user, at, element };
  }
}
