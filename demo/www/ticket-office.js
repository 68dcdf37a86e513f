// Fetches tickets, one for each try, and shows the last one. The password stays in this object and is forgotten when one leaves.

import { UsherError } from '/usher.js';

import { clockText, find, shortTicket } from './elements.js';

/** Basic credentials are bytes: names and passwords beyond ASCII go as UTF-8. */
function basic(user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

export class TicketOffice {
  #visit;
  #story;
  #authorization = null;
  #user = '';
  #taken = 0;
  #last = null;
  #card = find('#ticket .ticket');
  #replay = find('#replay');

  constructor(visit, story) {
    this.#visit = visit;
    this.#story = story;
  }

  logIn(user, password) {
    this.#user = user;
    this.#authorization = basic(user, password);
  }

  logOut() {
    this.#authorization = null;
    this.#last = null;
    this.#show('none', { text: 'no ticket yet', user: 'nobody', taken: '–', life: '–', state: 'Not taken' });
  }

  /** The last ticket that this page took, or null. */
  get last() {
    return this.#last;
  }

  async take() {
    const response = await fetch('/tickets', {
      method: 'POST',
      headers: { Authorization: this.#authorization, 'Usher-Demo': this.#visit },
      cache: 'no-store',
    }).catch(() => {
      this.#story.page('ticket', 'failed', 'No answer from /tickets', 'usher cannot be reached');
      throw new UsherError('unreachable', 'usher cannot be reached.');
    });
    const answer = await response.json().catch(() => ({}));
    if (response.status !== 201) {
      this.#story.page('ticket', response.status, 'No ticket', `POST /tickets, with a password for ${this.#user}`);
      const fatal = response.status >= 400 && response.status < 500 && response.status !== 429;
      throw new UsherError(answer.code ?? 'no_ticket', answer.detail ?? 'There is no ticket for you.', { status: response.status, fatal });
    }
    this.#story.page('ticket', 201, 'A ticket', `POST /tickets, with ${this.#user}’s password`, 'good');
    this.#last = answer.ticket;
    this.#taken += 1;
    const times = { taken: clockText(Date.now()), life: `${answer.expires_in} s, one use` };
    this.#show('fresh', { text: answer.ticket, user: this.#user, ...times, number: `No. ${this.#taken}`, state: 'Not spent' });
    return answer.ticket;
  }

  /** The handshake with the last ticket opened: there is nothing left of it. */
  spent() {
    this.#show('spent', { state: 'Spent' });
    const offered = `offered usher.json.v1 and usher.ticket.${shortTicket(this.#last)}`;
    this.#story.page('handshake', 'open', 'The WebSocket opened', offered, 'good');
  }

  #show(state, fields) {
    this.#card.dataset.state = state;
    this.#replay.disabled = state !== 'spent';
    for (const [name, text] of Object.entries(fields)) find(`[data-field=${name}]`, this.#card).textContent = text;
  }
}
