// The demo, put together: log in, take a ticket, spend it on a WebSocket, chat. Everything that it uses is public: usher.js,
// POST /tickets and /channels/room.{room}. Only /demo/events, which fills the right column of the story, needs --demo.

import { connect } from '/usher.js';

import { find, shortTicket } from './elements.js';
import { Room, endText, roomInAddress } from './room.js';
import { ServerView } from './server-view.js';
import { Story } from './story.js';
import { TicketOffice } from './ticket-office.js';

const HISTORY = 50;
/** A close code of this page's own, for a cut that the visitor asked for. */
const CUT = 3000;

/** By this name usher knows which handshakes are this page's. */
const visit = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const story = new Story();
const view = new ServerView(visit, (event) => story.usher(event));
const office = new TicketOffice(visit, story);
const room = new Room();
let connection = null;
let socket = null;
/** Whether the last socket opened: a close means something else then. */
let opened = false;

const login = find('#login');
const composer = find('#composer');

/** The browser's WebSocket, kept at hand so that the line can be cut. */
class KeptSocket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols);
    socket = this;
  }
}

function channelUrl() {
  return `/channels/room.${encodeURIComponent(roomInAddress())}?demo=${visit}`;
}

function enterRoom() {
  connection?.close();
  opened = false;
  room.enter(roomInAddress());
  connection = connect({
    url: channelUrl(),
    ticket: async () => {
      await view.ready();
      return office.take();
    },
    history: HISTORY,
    WebSocket: KeptSocket,
    onMessage: (message) => room.message(message),
    onGap: (gap) => room.gap(gap),
    onState: stateChanged,
  });
}

function stateChanged(change) {
  const { state, code, reason } = change;
  const words = room.state(change);
  find('button', login).disabled = state === 'connecting';
  if (state === 'connecting' || reason === 'closed by the page') return;
  if (state === 'open') {
    opened = true;
    office.spent();
    if (find('#room').hidden) show('room');
    return;
  }
  if (code !== null) tellEnd(code, reason);
  // Closed without a close: there is no ticket for this name and password.
  const noTicket = state === 'closed' && code === null;
  if (noTicket) {
    show('door');
    login.elements.password.focus();
  }
  find('#login-error').textContent = noTicket ? reason : words;
}

function tellEnd(code, reason) {
  const unseen = opened ? 'The WebSocket broke' : 'No WebSocket: 1006 does not say why';
  story.page(opened ? 'end' : 'handshake', code, code === 1006 ? unseen : 'The WebSocket closed', endText(code, reason));
  opened = false;
}

/** Either the door or the room is there; the focus goes where one writes next. */
function show(place) {
  find('#door').hidden = place !== 'door';
  find('#room').hidden = place !== 'room';
  find('#login-error').textContent = '';
  (place === 'room' ? composer.elements.text : login.elements.user).focus();
}

/** Shows the spent ticket a second time, in a handshake of its own. */
function replay() {
  const ticket = office.last;
  const url = new URL(channelUrl(), location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const second = new WebSocket(url, ['usher.json.v1', `usher.ticket.${ticket}`]);
  second.onopen = () => {
    second.onclose = null;
    second.close();
    story.page('handshake', 'open', 'Same ticket again: it opened', 'This must not happen.');
  };
  second.onclose = ({ code }) => {
    story.page('handshake', code, 'Same ticket again: refused', `Browsers show ${code} and not why (${shortTicket(ticket)})`);
  };
}

login.addEventListener('submit', (event) => {
  event.preventDefault();
  find('#login-error').textContent = '';
  office.logIn(login.elements.user.value, login.elements.password.value);
  enterRoom();
});

for (const seat of document.querySelectorAll('.seat')) {
  seat.addEventListener('click', () => {
    login.elements.user.value = seat.dataset.user;
    login.elements.password.value = seat.dataset.password;
    find('button', login).focus();
  });
}

composer.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { text } = composer.elements;
  const written = text.value.trim();
  if (written === '') return;
  const error = find('#send-error');
  error.textContent = '';
  text.value = '';
  try {
    await connection.publish({ type: 'message', text: written });
  } catch (refused) {
    if (text.value === '') text.value = written;
    error.textContent = refused.code === 'not_open' ? 'Not sent: the connection is not open. Your text is still here.' : refused.message;
  }
});

find('#replay').addEventListener('click', replay);
find('#cut').addEventListener('click', () => socket?.close(CUT, 'cut by hand'));
find('#leave').addEventListener('click', () => {
  connection.close();
  connection = null;
  office.logOut();
  login.reset();
  show('door');
});
addEventListener('hashchange', () => connection && enterRoom());
