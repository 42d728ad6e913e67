package io.kontor.notifications.store;

import static io.kontor.notifications.NotificationFixture.as;
import static io.kontor.notifications.NotificationFixture.deposited;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountId;
import io.kontor.notifications.NotificationFixture;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import tools.jackson.databind.json.JsonMapper;

/** What a reader has not seen, while notifications are written. */
class InboxTest {
  private final NotificationFixture news = new NotificationFixture();

  @AfterEach
  void close() {
    news.close();
  }

  @Test
  void aReaderMissesNothingThatIsCommittedBetweenItsStatements() {
    int statement = 0;
    boolean isReached;
    do {
      statement++;
      String user = "user" + statement;
      AccountId account = news.opened(user);
      var database =
          new WatchedDatabase(
              news.app, statement, () -> news.write(deposited(account, "1.00", "1.00")));
      var inbox = new Inbox(new TenantTransactions(database), database, JsonMapper.shared());

      UnseenNotifications unseen = as(() -> inbox.unacknowledged(user, null));

      isReached = database.isReached();
      assertThat(as(() -> unseen.next(100)).notifications())
          .as("committed before statement %d", statement)
          .hasSize(1)
          .isEqualTo(news.news(user));
    } while (isReached);
    assertThat(statement).as("the reader's statements were met").isGreaterThan(4);
  }

  /** A database in which something happens before the n-th statement of a reader. */
  private static final class WatchedDatabase extends DelegatingDataSource {
    private final int statement;
    private final Runnable event;
    private int statements;

    WatchedDatabase(DataSource database, int statement, Runnable event) {
      super(database);
      this.statement = statement;
      this.event = event;
    }

    boolean isReached() {
      return statements >= statement;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (self, method, arguments) -> call(connection, method, arguments));
    }

    private @Nullable Object call(
        Connection connection, Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable {
      if (method.getName().equals("prepareStatement")) {
        statements++;
        if (statements == statement) {
          event.run();
        }
      }
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException failure) {
        throw failure.getCause();
      }
    }
  }
}
