package io.kontor.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy between client and server that breaks connections on demand, with a reset ({@link #cut})
 * or silently ({@link #stall}), or makes them slow ({@link #delay}).
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Passage> open = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean stalled;
  private volatile Duration delay = Duration.ZERO;

  public TcpProxy(int target) throws IOException {
    this(0, target);
  }

  /** Listens on the {@code port} of a server that was stopped. */
  public TcpProxy(int port, int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public void target(int port) {
    target = port;
  }

  /** Resets every connection, even in the middle of a message. */
  public void cut() {
    open.forEach(Passage::cut);
  }

  /**
   * Drops every byte, like a network that loses packets: neither side sees an error or an end. Open
   * connections stay silent for good, even after {@link #resume}; new ones are accepted and get no
   * response.
   */
  public void stall() {
    stalled = true;
    open.forEach(Passage::stall);
  }

  /** Forwards new connections again. */
  public void resume() {
    stalled = false;
  }

  /** Holds back what is read for so long; zero ends it. */
  public void delay(Duration delay) {
    this.delay = delay;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        try {
          var passage = new Passage(client, new Socket(InetAddress.getLoopbackAddress(), target));
          open.add(passage);
          if (stalled) {
            passage.stall();
          }
          passage.begin();
        } catch (IOException down) {
          reset(client);
        }
      } catch (IOException closed) {
        // the loop checks the listener next
      }
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // a reset, not an orderly end
      socket.close();
    } catch (IOException alreadyClosed) {
      // already closed
    }
  }

  /** A connection from client to server. */
  private final class Passage {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    Passage(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void begin() {
      Thread.startVirtualThread(() -> pump(client, server));
      Thread.startVirtualThread(() -> pump(server, client));
    }

    void stall() {
      silent = true;
    }

    void cut() {
      reset(client);
      reset(server);
      open.remove(this);
    }

    private void pump(Socket from, Socket to) {
      var bytes = new byte[8192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
          Thread.sleep(delay);
          if (!silent) {
            out.write(bytes, 0, read);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException cut) {
        // the proxy breaks connections on purpose
      }
      if (!silent) { // when silent, the other side must not see the end
        end();
      }
    }

    private void end() {
      try (client;
          server) {
        open.remove(this);
      } catch (IOException alreadyClosed) {
        // already closed
      }
    }
  }
}
