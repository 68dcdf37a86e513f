/** The browser client of an usher channel. README.md shows its use. */

/** Where a stream goes on from. Keep it (in sessionStorage, say) and give it back as `since` to go on after a reload. */
export interface Position {
  offset: number;
  epoch: string;
}

/** One publication. In other dialects than json only `data` is there. */
export interface Message {
  /** The JSON value; bytes that were published as binary are a Uint8Array. */
  data: unknown;
  /** Who published it: usher's word, never the payload's. Null for publications of the back end. */
  user?: string | null;
  info?: unknown;
  tags?: Record<string, string>;
  /** Seconds since 1970. */
  time?: number;
  /** Absent in channels without history. */
  offset?: number;
}

export interface Gap {
  /** How many publications are lost; null when it cannot be known. */
  missed: number | null;
  /**
   * `slow`: this session was too slow. `position_gone`: usher no longer has what followed the last message (its history ended, or
   * usher was restarted). `no_position`: the connection broke on a channel, or in a dialect, that cannot catch up.
   */
  cause: 'slow' | 'position_gone' | 'no_position';
}

export interface Hello {
  session: string;
  user: string | null;
  offset?: number;
  epoch?: string;
}

export interface StateChange {
  state: State;
  /** The close code (1006: refused or cut, browsers show no more); null where there was no close. */
  code: number | null;
  reason: string;
  /** In `waiting`: when the next try begins. */
  willRetryInMs: number | null;
  /** In `open` with the json dialect. */
  hello: Hello | null;
}

export type State = 'connecting' | 'open' | 'waiting' | 'closed';

export interface ConnectOptions {
  /** `/channels/room.lobby`, relative to the page, or absolute with http(s) or ws(s). */
  url: string | URL;
  /** Called for each try. May throw: it is tried again later, unless the error has `fatal: true`. Absent: no ticket is shown. */
  ticket?: () => Promise<string> | string;
  /** Default `usher.json.v1`; or `usher.raw.v1`, or one of the channel's own. */
  protocol?: string;
  /** Go on from here. */
  since?: Position;
  /** Start with the newest N publications, where there is no position to go on from. */
  history?: number;
  /** False where the user may not read history: then what was missed is told by `onGap` and not fetched. Default true. */
  resume?: boolean;
  onMessage?: (message: Message) => void;
  onGap?: (gap: Gap) => void;
  onState?: (change: StateChange) => void;

  /** For Node (the package `ws`) and for tests. */
  WebSocket?: new (url: string, protocols: string[]) => unknown;
  random?: () => number;
  setTimeout?: (callback: () => void, ms: number) => unknown;
  clearTimeout?: (timer: unknown) => void;
  /** Where `online` and `visibilitychange` come from. */
  window?: EventTarget;
  document?: EventTarget & { visibilityState?: string };
}

export interface Connection {
  readonly state: State;
  /** Null in channels without history. */
  readonly position: Position | null;
  /** Resolves when usher accepted it; rejects with an UsherError (`not_open`, `connection_lost`, or usher's own code). */
  publish(data: unknown): Promise<{ offset?: number }>;
  /** For good. */
  close(): void;
}

export declare class UsherError extends Error {
  constructor(code: string, message: string, more?: { status?: number; fatal?: boolean; retryInMs?: number });
  readonly code: string;
  readonly status: number | null;
  readonly fatal: boolean;
  readonly retryInMs: number | null;
}

export interface End {
  retry: boolean;
  forget: boolean;
  toldMs: number | null;
  atLeastMs: number;
}

export declare function connect(options: ConnectOptions): Connection;
export declare function fetchTicket(url: string | URL, init?: RequestInit): Promise<string>;
export declare function afterClose(code: number, reason?: string): End;
