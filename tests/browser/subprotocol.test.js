// The ticket as a subprotocol, in both browsers that have a driver: one socket at a time, without the client.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import puppeteer from 'puppeteer-core';

import { startUsher } from './usher-process.js';
import { basic, launchChromium } from './visitors.js';

const BROWSERS = {
  Chromium: launchChromium,
  Firefox: () => puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: true }),
};

/**
 * In the page: takes a ticket, then opens a socket for each list of protocols, in which `TICKET` stands for it. Resolves with
 * `[protocol, first message]` or the close code of each.
 */
async function openWith({ authorization, lists }) {
  const response = await fetch('/tickets', { method: 'POST', headers: { Authorization: authorization } });
  const { ticket } = await response.json();
  const open = (protocols) =>
    new Promise((resolve) => {
      const url = `${location.origin.replace('http', 'ws')}/channels/room.lobby`;
      const socket = new WebSocket(
        url,
        protocols.map((protocol) => protocol.replace('TICKET', `usher.ticket.${ticket}`)),
      );
      const done = (result) => {
        socket.onclose = null;
        socket.close();
        resolve(result);
      };
      socket.onopen = () => socket.protocol === 'usher.raw.v1' && done([socket.protocol]);
      socket.onmessage = ({ data }) => done([socket.protocol, JSON.parse(data).hello?.user]);
      socket.onclose = ({ code }) => resolve(code);
    });
  const results = [];
  for (const protocols of lists) results.push(await open(protocols));
  return results;
}

const CASES = [
  ['beside the json dialect, once', [['usher.json.v1', 'TICKET'], ['usher.json.v1', 'TICKET']], [['usher.json.v1', 'ada'], 1006]],
  ['in any order', [['TICKET', 'usher.json.v1']], [['usher.json.v1', 'ada']]],
  ['beside the raw dialect', [['usher.raw.v1', 'TICKET']], [['usher.raw.v1']]],
  ['the first dialect that is spoken', [['soap', 'usher.json.v1', 'usher.raw.v1', 'TICKET']], [['usher.json.v1', 'ada']]],
  ['alone it is refused, and not spent', [['TICKET'], ['usher.json.v1', 'TICKET']], [1006, ['usher.json.v1', 'ada']]],
  ['none at all', [['usher.json.v1']], [1006]],
];

for (const [name, launch] of Object.entries(BROWSERS)) {
  describe(`a ticket as subprotocol in ${name}`, () => {
    let usher;
    let browser;
    let page;

    before(async () => {
      usher = await startUsher();
      browser = await launch();
      page = await browser.newPage();
      await page.goto(usher.url);
    });
    after(async () => {
      await browser?.close();
      await usher?.stop();
    });

    for (const [title, lists, expected] of CASES) {
      test(title, async () => {
        assert.deepEqual(await page.evaluate(openWith, { authorization: basic('ada'), lists }), expected);
      });
    }

    test('the demo comes in', async () => {
      await page.click('.seat[data-user=linus]');
      await page.click('#login button');
      await page.waitForFunction(() => document.querySelector('#state').dataset.state === 'open');
    });
  });
}
