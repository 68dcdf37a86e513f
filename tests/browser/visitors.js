// Who comes to the demo in these tests: people in Chromium, and one who uses the client from Node.

import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';

import { connect } from '../../clients/js/usher.js';

const PASSWORDS = { ada: 'analytical', grace: 'compiler', linus: 'kernel' };
/** A condition that does not come true in this time never will: coming back after a cut may take several tries. */
const PATIENCE_MS = 60_000;

/** `through` is a front's port: what the browser sends to `port` goes there. */
export function launchChromium({ port, through } = {}) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  args.push('--disable-component-update', '--disable-sync', '--disable-background-timer-throttling');
  if (through) args.push(`--host-resolver-rules=MAP 127.0.0.1:${port} 127.0.0.1:${through}`);
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args });
}

export const basic = (user, password = PASSWORDS[user]) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A page of the demo in a window of its own, and what one does and sees there. */
export async function openDemo(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  const visitor = {
    page,
    errors,
    logIn: async (user) => {
      await page.getByRole('button', { name: user }).click();
      await page.getByRole('button', { name: 'Take a ticket' }).click();
      await visitor.state('open');
    },
    say: async (text) => {
      await page.getByLabel('Message', { exact: true }).fill(text);
      await page.keyboard.press('Enter');
      await visitor.reads(text);
    },
    state: (state) => page.locator(`#state[data-state=${state}]`).waitFor(),
    reads: (text) => page.locator('.bubble').filter({ hasText: text }).first().waitFor(),
    isTold: (text) => page.locator('.note').filter({ hasText: text }).first().waitFor(),
    notes: () => page.locator('.note').allTextContents(),
    /** `[author, text]` of each message, in order. */
    messages: () =>
      page.locator('.run').evaluateAll((runs) =>
        runs.flatMap((run) => {
          const author = run.querySelector('.by strong').textContent;
          return [...run.querySelectorAll('.bubble')].map((bubble) => [author, bubble.textContent]);
        }),
      ),
    line: (side, text) => page.locator(`#lines li.${side}`).filter({ hasText: text }).first().waitFor(),
    story: (side) => page.locator(`#lines li.${side}`).allTextContents(),
  };
  return visitor;
}

/** Takes a ticket as a page of `origin` would. */
export async function takeTicket(url, user, origin = url) {
  const response = await fetch(`${url}/tickets`, { method: 'POST', headers: { Authorization: basic(user), Origin: origin } });
  if (response.status !== 201) throw new Error(`no ticket: ${response.status} ${await response.text()}`);
  return (await response.json()).ticket;
}

/** A WebSocket of Node that names its origin as browsers do: tickets are bound to it. */
const socketFrom = (origin) =>
  class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { origin });
    }
  };

/** `user` in Node, by the same client that pages use; resolves when open. */
export function connectFromNode(url, user, options = {}) {
  return new Promise((resolve, reject) => {
    const connection = connect({
      url: `${url}/channels/room.lobby`,
      ticket: () => takeTicket(url, user),
      WebSocket: socketFrom(url),
      onState: ({ state, reason }) => {
        if (state === 'open') resolve(connection);
        if (state === 'closed') reject(new Error(reason));
      },
      ...options,
    });
  });
}
