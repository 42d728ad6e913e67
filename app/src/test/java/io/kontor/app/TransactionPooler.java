package io.kontor.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Gives each statement of any client the next of its few sessions, and resets none of them. */
final class TransactionPooler implements AutoCloseable {
  private final List<Connection> sessions = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  TransactionPooler(DataSource server, int size) throws SQLException {
    for (int session = 0; session < size; session++) {
      sessions.add(server.getConnection());
    }
  }

  DataSource dataSource() {
    return new AbstractDataSource() {
      @Override
      public Connection getConnection() {
        return client();
      }

      @Override
      public Connection getConnection(String user, String password) {
        return client();
      }
    };
  }

  private Connection client() {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              Connection session =
                  sessions.get(Math.floorMod(next.getAndIncrement(), sessions.size()));
              try {
                return method.invoke(session, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }

  @Override
  public void close() throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
  }
}
