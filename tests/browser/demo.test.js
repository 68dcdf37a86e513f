import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test, describe } from 'node:test';

import { startFront, startUsher } from './usher-process.js';
import { connectFromNode, launchChromium, openDemo } from './visitors.js';

const said = (messages, author) => messages.filter(([by]) => by === author).map(([, text]) => text);
const numbered = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => `number ${first + index}.`);

describe('the demo', () => {
  let usher;
  let browser;
  let visitors;

  before(async () => {
    usher = await startUsher();
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await usher?.stop();
  });
  beforeEach(() => (visitors = []));
  afterEach(async () => {
    assert.deepEqual(visitors.flatMap(({ errors }) => errors), []);
    await Promise.all(visitors.map(({ page }) => page.context().close()));
  });

  async function enter(user, room = 'lobby') {
    const visitor = await openDemo(browser, `${usher.url}/#${room}`);
    visitors.push(visitor);
    await visitor.logIn(user);
    return visitor;
  }

  test('two pages chat, and usher names the authors', async () => {
    const ada = await enter('ada', 'two');
    const grace = await enter('grace', 'two');
    await ada.say('Is this seat taken?');
    await grace.reads('Is this seat taken?');
    await grace.say('It is yours.');
    await ada.reads('It is yours.');
    const expected = [
      ['ada', 'Is this seat taken?'],
      ['grace', 'It is yours.'],
    ];
    assert.deepEqual(await ada.messages(), expected);
    assert.deepEqual(await grace.messages(), expected);
  });

  test('who comes later reads what was said', async () => {
    const ada = await enter('ada', 'later');
    await ada.say('First.');
    const grace = await enter('grace', 'later');
    await grace.reads('First.');
  });

  test('rooms are apart, and the address names them', async () => {
    const ada = await enter('ada', 'left');
    const grace = await enter('grace', 'right');
    await ada.say('Only here.');
    await grace.say('And I here.');
    assert.deepEqual(await grace.messages(), [['grace', 'And I here.']]);
    await grace.page.goto(`${usher.url}/#left`);
    await grace.reads('Only here.');
  });

  test('a message is text, and cannot claim an author', async () => {
    const ada = await enter('ada');
    const linus = await connectFromNode(usher.url, 'linus');
    const text = '<img src=x onerror="document.title=1"> I am ada.';
    await linus.publish({ type: 'message', text, user: 'ada' });
    await ada.reads('I am ada.');
    assert.deepEqual((await ada.messages()).at(-1), ['linus', text]);
    assert.equal(await ada.page.locator('#log img').count(), 0);
    linus.close();
  });

  test('a ticket is refused the second time, and the story says why', async () => {
    const ada = await enter('ada', 'replay');
    await ada.line('page', 'A ticket');
    await ada.line('usher', 'issued');
    await ada.line('page', 'The WebSocket opened');
    await ada.line('usher', 'redeemed');
    await ada.page.getByRole('button', { name: 'Use the same ticket again' }).click();
    await ada.line('page', 'refused');
    await ada.line('usher', 'replayed');
    const [seen] = (await ada.story('page')).filter((line) => line.includes('refused'));
    assert.match(seen, /1006/);
    assert.doesNotMatch(seen, /401|replayed/, 'a page cannot see the reason');
    const [told] = (await ada.story('usher')).filter((line) => line.includes('replayed'));
    assert.match(told, /401.*GET \/channels\/room\.replay/);
    await ada.say('Still here.');
  });

  test('usher tells a page about its own handshakes only', async () => {
    const ada = await enter('ada', 'own');
    const grace = await enter('grace', 'own');
    await grace.page.getByRole('button', { name: 'Use the same ticket again' }).click();
    await grace.line('usher', 'replayed');
    assert.equal((await ada.story('usher')).some((line) => /replayed|grace/.test(line)), false);
  });

  test('a wrong password gets no ticket, and says so', async () => {
    const visitor = await openDemo(browser, usher.url);
    visitors.push(visitor);
    await visitor.page.getByLabel('Name').fill('ada');
    await visitor.page.getByLabel('Password').fill('guess');
    await visitor.page.keyboard.press('Enter');
    await visitor.page.locator('#login-error:not(:empty)').waitFor();
    await visitor.line('page', 'No ticket');
    await visitor.line('usher', '401');
    await visitor.logIn('ada');
  });

  test('a line cut by hand comes back with another ticket', async () => {
    const ada = await enter('ada', 'cut');
    await ada.say('Before.');
    await ada.page.getByRole('button', { name: 'Cut the line' }).click();
    await ada.line('page', 'The WebSocket closed');
    await ada.page.locator('[data-field=number]', { hasText: 'No. 2' }).waitFor();
    await ada.state('open');
    await ada.say('After.');
    assert.deepEqual(said(await ada.messages(), 'ada'), ['Before.', 'After.']);
    assert.deepEqual(await ada.notes(), []);
  });

  test('it is all there for the keyboard', async () => {
    const visitor = await openDemo(browser, `${usher.url}/#keys`);
    visitors.push(visitor);
    const { page } = visitor;
    await page.getByRole('button', { name: 'grace' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await visitor.state('open');
    await page.keyboard.type('By keys alone.');
    await page.keyboard.press('Enter');
    await visitor.reads('By keys alone.');
    await page.getByRole('button', { name: 'Leave' }).focus();
    await page.keyboard.press('Space');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'user');
  });
});

describe('connections that break', () => {
  let usher;
  let front;
  let browser;

  beforeEach(async () => {
    usher = await startUsher();
    front = await startFront(usher.port);
    browser = await launchChromium({ port: usher.port, through: front.port });
  });
  afterEach(async () => {
    await browser?.close();
    await front?.stop();
    await usher?.stop();
  });

  async function both() {
    const pair = [await openDemo(browser, usher.url), await openDemo(browser, usher.url)];
    await pair[0].logIn('ada');
    await pair[1].logIn('grace');
    return pair;
  }

  async function publishAll(writer, texts, afterEach = () => {}) {
    for (const text of texts) {
      await writer.publish({ type: 'message', text });
      afterEach(text);
    }
  }

  test('cut while somebody writes: nothing is missing, nothing comes twice', async () => {
    const pages = await both();
    const linus = await connectFromNode(usher.url, 'linus');
    await publishAll(linus, numbered(1, 10));
    await Promise.all(pages.map((page) => page.reads('number 10.')));

    front.cut();
    await Promise.all(pages.map((page) => page.state('waiting')));
    await publishAll(linus, numbered(11, 40));
    front.heal();
    await Promise.all(pages.map((page) => page.reads('number 40.')));

    const cuts = ['number 55.', 'number 70.', 'number 71.', 'number 90.'];
    await publishAll(linus, numbered(41, 100), (text) => cuts.includes(text) && front.cutOnce());
    await Promise.all(pages.map((page) => page.reads('number 100.')));

    for (const page of pages) {
      await page.state('open');
      assert.deepEqual(said(await page.messages(), 'linus'), numbered(1, 100));
      assert.deepEqual(await page.notes(), []);
    }
    await pages[0].say('Here again.');
    await pages[1].reads('Here again.');
    linus.close();
  });

  test('usher is restarted: both come back and say that what was before is gone', async () => {
    const pages = await both();
    await pages[0].say('Before the interval.');
    await pages[1].reads('Before the interval.');
    const { port } = usher;
    await usher.stop();
    await Promise.all(pages.map((page) => page.state('waiting')));
    usher = await startUsher({ port });
    for (const page of pages) {
      await page.isTold('What was before is gone');
      await page.state('open');
    }
    await pages[0].say('After the interval.');
    await pages[1].reads('After the interval.');
    for (const page of pages) {
      assert.deepEqual(said(await page.messages(), 'ada'), ['Before the interval.', 'After the interval.']);
      assert.equal((await page.notes()).length, 1, 'said once');
    }
  });
});
