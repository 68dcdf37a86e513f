// The ticket's story, in two columns: what a page can see, and what usher saw. A line is only ever added for something that happened
// here, or that came through /demo/events.

import { find, keepAtEnd, make, makeTime } from './elements.js';

/** What usher's own word for an outcome means. A word that is not here is shown as it is. */
const REASONS = {
  issued: '',
  redeemed: 'the ticket is spent now',
  replayed: 'this ticket was spent before',
  expired: 'the ticket is too old',
  unknown: 'nobody issued this ticket',
  address: 'the ticket belongs to another address',
  origin: 'the page’s origin is not allowed, or not the ticket’s',
  path: 'the ticket is for another path',
  malformed: 'this is no ticket',
  ticket_refused: 'the ticket was not accepted',
};

export class Story {
  #list = find('#lines');
  #empty = find('#story-empty');
  #row = 0;
  /** The sides and the subject of the last row: the two views of one thing stand beside each other. */
  #last = { sides: new Set(), subject: null };

  /** Something that this page met, about a `ticket`, a `handshake` or an `end`. `mark` is the status or close code as the page got it. */
  page(subject, mark, title, detail, tone = 'bad') {
    this.#add('page', subject, { speaker: 'This page', at: Date.now(), mark, title, detail, tone });
  }

  /** One event of /demo/events, word for word but for the gloss of its reason. */
  usher({ time, method, path, status, reason, user }) {
    const at = typeof time === 'number' ? time * 1000 : Date.parse(time);
    const gloss = REASONS[reason] ? `: ${REASONS[reason]}` : '';
    const words = [reason ? reason + gloss : '', user ? `user ${user}` : ''];
    const tone = status < 300 ? 'good' : 'bad';
    const subject = path === '/tickets' ? 'ticket' : 'handshake';
    const detail = words.filter(Boolean).join(' · ');
    this.#add('usher', subject, { speaker: 'usher', at, mark: status, title: `${method} ${path}`, detail, tone });
  }

  #add(side, subject, { speaker, at, mark, title, detail, tone }) {
    this.#empty.hidden = true;
    if (subject !== this.#last.subject || this.#last.sides.has(side)) {
      this.#row += 1;
      this.#last = { sides: new Set(), subject };
    }
    this.#last.sides.add(side);
    const line = make(
      'li',
      side,
      make('span', 'speaker', `${speaker} `),
      make('div', 'what', make('span', `mark ${tone}`, String(mark)), make('strong', '', title)),
      make('p', 'detail', makeTime(at), detail),
    );
    line.style.gridRow = this.#row;
    keepAtEnd(this.#list, () => this.#list.append(line));
  }
}
