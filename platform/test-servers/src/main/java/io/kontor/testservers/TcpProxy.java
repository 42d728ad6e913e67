package io.kontor.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a client and a server and breaks what passes through it, on demand: with a reset
 * ({@link #cut}) or silently ({@link #stall}).
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Passage> open = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean stalled;

  public TcpProxy(int target) throws IOException {
    this(0, target);
  }

  /** Takes the place of a server that was on {@code port} and is gone. */
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

  /** Cuts every connection, in the middle of whatever it carries. */
  public void cut() {
    open.forEach(Passage::cut);
  }

  /**
   * Swallows every byte, like a network that drops packets: neither side sees an error or an end.
   * What was open stays silent for good, also after {@link #resume}; new connections are accepted
   * and get no answer.
   */
  public void stall() {
    stalled = true;
    open.forEach(Passage::stall);
  }

  /** Lets new connections through again. */
  public void resume() {
    stalled = false;
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
        // the next look at the listener tells
      }
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // a reset, not an orderly end
      socket.close();
    } catch (IOException alreadyClosed) {
      // fine
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
          if (!silent) {
            out.write(bytes, 0, read);
          }
        }
      } catch (IOException cut) {
        // that is what this proxy is for
      }
      if (!silent) { // else the other side hears nothing of the end, either
        end();
      }
    }

    private void end() {
      try (client;
          server) {
        open.remove(this);
      } catch (IOException alreadyClosed) {
        // fine
      }
    }
  }
}
