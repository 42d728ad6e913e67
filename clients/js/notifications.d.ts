/** An amount, with the digits of its currency. */
export interface Money {
  amount: string;
  currency: string;
}

/** A notification. Kinds and fields may be added. */
export interface Notification {
  /** Grows with time; the same when it comes again. */
  id: string;
  /** Such as `MONEY_IN`. */
  kind: string;
  /** When what it is about was recorded: ISO 8601, UTC. */
  at: string;
  data: {
    account?: string;
    amount?: Money;
    balance?: Money;
    threshold?: Money;
    transfer?: string;
    hold?: string;
    payment?: string;
    order?: string;
    standingOrder?: string;
    statement?: string;
    [other: string]: unknown;
  };
}

/** The body of `GET` and `PUT /v1/notifications/preferences`: kinds in neither list are listed and sent. */
export interface Preferences {
  /** The kinds that are not made for the user. */
  muted: string[];
  /** The kinds that are listed, but not sent to clients. */
  listOnly?: string[];
}

export interface Options {
  /** The bank's address, such as `https://bank.example`. */
  url: string | URL;
  /** Gives a valid token; called for each connection. */
  token: () => string | Promise<string>;
  /** Called with each notification, in order; when it throws, that one comes again. */
  receive: (notification: Notification) => void;
  /** Called when a connection is open. */
  opened?: () => void;
  /** Called when a connection failed or was lost, before the pause. */
  failed?: (failure: unknown) => void;
  /** The `last` of an earlier client; without it, all neither read nor acknowledged come first. */
  last?: string | null;
  /** In place of the global ones. */
  fetch?: typeof globalThis.fetch;
  WebSocket?: typeof globalThis.WebSocket;
}

/** Receives a user's notifications, in order, until it is closed. */
export class NotificationClient {
  constructor(options: Options);
  /** After which notification the next connection goes on; null before the first connection. */
  readonly last: string | null;
  close(): void;
}
