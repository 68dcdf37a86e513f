// usher's own view of this browser's handshakes: the events of /demo/events, which exists with --demo only.

import { find } from './elements.js';

/** How long a step waits for the view to come back before it goes on without being watched. */
const PATIENCE_MS = 1500;

export class ServerView {
  #url;
  #onEvent;
  #source = null;
  #open = null;
  #state = find('#view-state');

  constructor(visit, onEvent) {
    this.#url = `/demo/events?demo=${visit}`;
    this.#onEvent = onEvent;
    this.#connect();
  }

  /** Resolves when usher's view is there (again), or after a moment without it: nothing depends on being watched. */
  ready() {
    if (this.#source.readyState !== EventSource.OPEN) this.#connect();
    return Promise.race([this.#open, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }

  #connect() {
    this.#source?.close();
    const source = (this.#source = new EventSource(this.#url));
    this.#open = new Promise((resolve) => {
      source.onopen = () => {
        this.#state.textContent = '';
        resolve();
      };
    });
    source.onerror = () => {
      this.#state.textContent = source.readyState === EventSource.CLOSED ? '(not shown here)' : '(out of sight)';
    };
    source.onmessage = ({ data }) => this.#onEvent(JSON.parse(data));
  }
}
