// Small ways to make and find elements. What people wrote goes in as text only, so no message can become markup.

export const find = (selector, root = document) => root.querySelector(selector);

/** An element of that tag and class with `children`: elements, or strings that become text. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** `12:03:04` of a time in milliseconds since 1970, with the whole date for machines. */
export function makeTime(ms, className = 'time') {
  const time = make('time', className, clock.format(ms));
  time.dateTime = new Date(ms).toISOString();
  return time;
}

/** As `12:03:04`. */
export const clockText = (ms) => clock.format(ms);

/** Only the ends of a ticket: enough to tell two apart, in a line. */
export const shortTicket = (ticket) => `${ticket.slice(0, 10)}…${ticket.slice(-3)}`;

/** After a change to a list that scrolls: stays at its end, if that is where the reader was. */
export function keepAtEnd(list, change) {
  const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 48;
  change();
  if (wasAtEnd) list.scrollTop = list.scrollHeight;
}
