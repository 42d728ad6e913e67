const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** The server sends something each ten seconds. */
const SILENCE = 30_000;

/**
 * Receives a user's notifications, in order, until it is closed. A connection that is lost is opened
 * again, after pauses that double up to 30 seconds, and goes on after the last notification that was
 * received. What was received is acknowledged.
 */
export class NotificationClient {
  #options;
  #last;
  #socket = null;
  #timer = null;
  #silence = null;
  #failures = 0;
  #closed = false;

  /** See notifications.d.ts for the options. Connects at once. */
  constructor(options) {
    this.#options = { fetch: globalThis.fetch, WebSocket: globalThis.WebSocket, ...options };
    this.#last = options.last ?? null;
    this.#connect();
  }

  /** After which notification the next connection goes on; null before the first connection. */
  get last() {
    return this.#last;
  }

  /** Ends the connection, and opens no other. */
  close() {
    this.#closed = true;
    this.#drop();
    clearTimeout(this.#timer);
  }

  async #connect() {
    try {
      const ticket = await this.#ticket();
      if (!this.#closed) {
        this.#open(ticket);
      }
    } catch (failure) {
      this.#again(failure);
    }
  }

  /** A page can send no header with a WebSocket: a ticket stands for the token, once. */
  async #ticket() {
    const token = await this.#options.token();
    const { fetch, url } = this.#options;
    const response = await fetch(new URL("/v1/notifications/tickets", url), {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      throw new Error(`no ticket: ${response.status}`);
    }
    return (await response.json()).ticket;
  }

  #open(ticket) {
    const address = new URL("/v1/notifications/stream", this.#options.url);
    address.protocol = address.protocol.replace("http", "ws");
    if (this.#last !== null) {
      address.searchParams.set("last", this.#last);
    }
    const socket = new this.#options.WebSocket(address, ["kontor.v1", `kontor.ticket.${ticket}`]);
    this.#socket = socket;
    this.#listen(socket);
    socket.onopen = () => this.#options.opened?.();
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) {
        this.#listen(socket);
        this.#failures = 0;
        this.#receive(JSON.parse(data));
      }
    };
    socket.onclose = ({ code, reason }) => this.#ended(socket, new Error(`${code} ${reason}`));
  }

  /** A connection over which nothing comes is lost, whether the system has noticed or not. */
  #listen(socket) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#ended(socket, new Error("silence")), SILENCE);
  }

  #receive(message) {
    if (message.id === undefined) {
      this.#last = message.last ?? this.#last;
      return;
    }
    try {
      this.#options.receive(message);
    } catch (failure) {
      this.#ended(this.#socket, failure); // it comes again
      return;
    }
    this.#last = message.id;
    this.#socket?.send(JSON.stringify({ ack: message.id }));
  }

  #ended(socket, failure) {
    if (socket === this.#socket) {
      this.#drop();
      this.#again(failure);
    }
  }

  #drop() {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** Pauses are up to half shorter, so that clients come one by one. */
  #again(failure) {
    if (this.#closed) {
      return;
    }
    this.#options.failed?.(failure);
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2));
  }
}
