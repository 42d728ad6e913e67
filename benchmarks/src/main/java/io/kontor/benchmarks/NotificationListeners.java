package io.kontor.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets that receive notifications and acknowledge each, all read by one thread, since it
 * shares its cores with the server. One that is closed is opened again, and goes on where it was.
 * Its input says what to do, line by line.
 */
final class NotificationListeners {
  /** The input's command that connects: a file with a token a line, and connections for each. */
  static final String CONNECT = "connect";

  /** The input's command that counts from here on. */
  static final String RESET = "reset";

  /** The input's command that waits for so many messages and answers their latencies. */
  static final String AWAIT = "await";

  private static final int CONNECTED_AT_ONCE = 32;
  private static final int BUFFER = 64 << 10;
  private static final int ID_LENGTH = 36;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final Duration BEGUN_WITHIN = Duration.ofMinutes(5);
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private final List<Integer> ports;
  private final Selector selector;
  private final ConcurrentLinkedQueue<Listener> opened = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService reopening =
      Executors.newScheduledThreadPool(2, Thread.ofPlatform().daemon().factory());
  private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER);
  private final Object lock = new Object();
  private Histogram nanos = new Histogram(HIGHEST_NANOS, 3);
  private int begun;
  private long received;
  private long lost;
  private @Nullable Exception failure;

  private NotificationListeners(List<Integer> ports) throws IOException {
    this.ports = ports;
    this.selector = Selector.open();
  }

  /** A connection, what came of a message whose end has not come yet, and the last message's id. */
  private static final class Listener {
    private final int port;
    private final String token;
    private @Nullable SocketChannel channel;
    private byte[] rest = {};
    private @Nullable String last;

    Listener(int port, String token) {
      this.port = port;
      this.token = token;
    }
  }

  static void main(String[] arguments) throws Exception {
    var listeners =
        new NotificationListeners(
            Stream.of(arguments[0].split(",", -1)).map(Integer::valueOf).toList());
    Thread.ofPlatform().name("listeners").daemon().start(listeners::listen);
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(listeners.answer(line.split(" ", -1)));
      }
    }
  }

  private String answer(String[] command) throws Exception {
    return switch (command[0]) {
      case CONNECT ->
          connect(Files.readAllLines(Path.of(command[1])), Integer.parseInt(command[2]));
      case RESET -> reset();
      case AWAIT -> await(Long.parseLong(command[1]));
      default -> throw new IllegalArgumentException(command[0]);
    };
  }

  private String connect(List<String> tokens, int each) throws Exception {
    List<Future<?>> connecting = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(CONNECTED_AT_ONCE)) {
      for (int device = 0; device < each; device++) {
        for (int user = 0; user < tokens.size(); user++) {
          String token = tokens.get(user);
          int port = ports.get((user + device) % ports.size());
          connecting.add(
              threads.submit(
                  () -> {
                    open(new Listener(port, token));
                    return null;
                  }));
        }
      }
    }
    for (Future<?> one : connecting) {
      one.get();
    }
    awaitBegun(connecting.size());
    return CONNECT;
  }

  /** A stream begins when the server has first read what its user has not seen. */
  private void awaitBegun(int connections) throws Exception {
    long end = System.nanoTime() + BEGUN_WITHIN.toNanos();
    while (true) {
      synchronized (lock) {
        if (failure != null) {
          throw failure;
        }
        if (begun == connections) {
          return;
        }
        if (System.nanoTime() > end) {
          throw new IOException("only %d streams of %d have begun".formatted(begun, connections));
        }
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void open(Listener listener) throws IOException {
    var channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port));
    String request =
        """
        GET /v1/notifications/stream%s HTTP/1.1
        Host: localhost:%d
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: a29udG9yIGJlbmNobWFyaw==
        Sec-WebSocket-Protocol: kontor.v1
        Authorization: Bearer %s

        """
            .formatted(
                listener.last == null ? "" : "?last=" + listener.last,
                listener.port,
                listener.token)
            .replace("\n", "\r\n");
    channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
    String answer = head(channel);
    if (!answer.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + answer);
    }
    channel.configureBlocking(false);
    listener.channel = channel;
    opened.add(listener);
    selector.wakeup();
  }

  private void openAgain(Listener listener) {
    var _ =
        reopening.schedule(
            () -> {
              try {
                open(listener);
              } catch (IOException notYet) {
                openAgain(listener);
              }
            },
            1,
            TimeUnit.SECONDS);
  }

  /** Byte by byte: what comes after it are messages. */
  private static String head(SocketChannel channel) throws IOException {
    var head = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (head.indexOf("\r\n\r\n") < 0) {
      if (channel.read(one.clear()) < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) one.get(0));
    }
    return head.toString();
  }

  private String reset() {
    synchronized (lock) {
      received = 0;
      lost = 0;
      nanos = new Histogram(HIGHEST_NANOS, 3);
    }
    return RESET;
  }

  /** Fails when there are more, or when none comes for two minutes. */
  private String await(long expected) throws Exception {
    long last = -1;
    long changed = System.nanoTime();
    while (true) {
      synchronized (lock) {
        if (failure != null) {
          throw failure;
        }
        if (received > expected) {
          throw new IOException("%d messages of %d".formatted(received, expected));
        }
        if (received == expected) {
          return lost + " " + HistogramText.of(nanos);
        }
        if (received != last) {
          last = received;
          changed = System.nanoTime();
        } else if (System.nanoTime() - changed > SILENCE.toNanos()) {
          throw new IOException(
              "only %d messages of %d, %d connections were opened again"
                  .formatted(received, expected, lost));
        }
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void listen() {
    try {
      while (true) {
        selector.select();
        for (Listener one = opened.poll(); one != null; one = opened.poll()) {
          Objects.requireNonNull(one.channel).register(selector, SelectionKey.OP_READ, one);
        }
        Set<SelectionKey> ready = selector.selectedKeys();
        synchronized (lock) {
          for (SelectionKey key : ready) {
            read((SocketChannel) key.channel(), (Listener) key.attachment());
          }
        }
        ready.clear();
      }
    } catch (IOException | RuntimeException failed) {
      synchronized (lock) {
        failure = failed;
      }
    }
  }

  private void read(SocketChannel channel, Listener listener) throws IOException {
    input.clear().put(listener.rest);
    boolean isOpen = channel.read(input) >= 0;
    input.flip();
    while (isOpen && isWhole(input)) {
      isOpen = take(channel, listener);
    }
    if (isOpen) {
      listener.rest = new byte[input.remaining()];
      input.get(listener.rest);
    } else {
      lost++;
      listener.rest = new byte[0];
      channel.close();
      openAgain(listener);
    }
  }

  /** Frames of servers (RFC 6455, section 5.2) have no mask; these are shorter than 64 kB. */
  private static boolean isWhole(ByteBuffer frames) {
    int start = frames.position();
    int there = frames.remaining();
    if (there < 2) {
      return false;
    }
    int length = frames.get(start + 1);
    if (length < 126) {
      return there >= 2 + length;
    }
    return there >= 4 && there >= 4 + Short.toUnsignedInt(frames.getShort(start + 2));
  }

  /** Takes a frame; false if it closes the connection. */
  private boolean take(SocketChannel channel, Listener listener) throws IOException {
    int kind = input.get() & 0xF;
    int length = input.get();
    byte[] payload = new byte[length < 126 ? length : Short.toUnsignedInt(input.getShort())];
    input.get(payload);
    switch (kind) {
      case TEXT -> receive(channel, listener, new String(payload, ISO_8859_1));
      case PING -> send(channel, PONG, payload);
      case CLOSE -> {
        return false;
      }
      default -> throw new IOException("a frame of kind " + kind);
    }
    return true;
  }

  private void receive(SocketChannel channel, Listener listener, String message)
      throws IOException {
    String id = field(message, "id");
    if (id != null) {
      Instant at = Instant.parse(Objects.requireNonNull(field(message, "at")));
      long passed = Duration.between(at, Instant.now()).toNanos();
      nanos.recordValue(Math.clamp(passed, 0, HIGHEST_NANOS));
      received++;
      goOnAfter(listener, id);
      send(channel, TEXT, "{\"ack\":\"%s\"}".formatted(id).getBytes(ISO_8859_1));
    } else if (message.contains("last")) {
      goOnAfter(listener, field(message, "last"));
    }
  }

  private void goOnAfter(Listener listener, @Nullable String id) {
    if (listener.last == null) {
      begun++;
    }
    listener.last = id;
  }

  private static @Nullable String field(String message, String name) {
    String before = "\"" + name + "\":\"";
    int start = message.indexOf(before);
    if (start < 0) {
      return null;
    }
    start += before.length();
    return name.equals("at")
        ? message.substring(start, message.indexOf('"', start))
        : message.substring(start, start + ID_LENGTH);
  }

  /** With a mask of zeros, as a client must and a server does not mind. */
  private static void send(SocketChannel channel, int kind, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
    frame.put((byte) (0x80 | kind)).put((byte) (0x80 | payload.length)).putInt(0).put(payload);
    frame.flip();
    channel.write(frame);
    if (frame.hasRemaining()) {
      throw new IOException("the server takes no acknowledgements");
    }
  }
}
