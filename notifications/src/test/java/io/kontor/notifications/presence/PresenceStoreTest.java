package io.kontor.notifications.presence;

import static io.kontor.notifications.NotificationFixture.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.notifications.NotificationFixture;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Presence in the real PostgreSQL, by its clock. */
class PresenceStoreTest {
  private static final UUID ONE = UUID.randomUUID();
  private static final UUID TWO = UUID.randomUUID();

  private final NotificationFixture news = new NotificationFixture();
  private final PresenceStore presence =
      new PresenceStore(new TenantTransactions(news.app), news.app, Duration.ofSeconds(30));

  @AfterEach
  void close() {
    news.close();
  }

  @Test
  void aUserIsPresentWhileAnyNodeHasAConnection() {
    seen(ONE, "ada", "bob");
    seen(TWO, "ada");
    assertThat(List.of(isPresent("ada"), isPresent("bob"), isPresent("eve")))
        .containsExactly(true, true, false);
    seen(ONE);
    assertThat(List.of(isPresent("ada"), isPresent("bob"))).containsExactly(true, false);
    seen(TWO);
    assertThat(isPresent("ada")).isFalse();
  }

  @Test
  void theUsersOfANodeThatDiedAreGoneAndItsRowsGoLater() {
    seen(ONE, "ada", "bob");
    seen(TWO, "bob");
    pass(29);
    assertThat(isPresent("ada")).isTrue();
    seen(TWO, "bob");
    pass(2);
    assertThat(isPresent("ada")).isFalse();
    assertThat(isPresent("bob")).isTrue();
    pass(30);
    seen(TWO, "bob");
    assertThat(rows()).isEqualTo(1);
  }

  private void seen(UUID node, String... subjects) {
    as(
        () -> {
          presence.seen(node, List.of(subjects));
          return node;
        });
  }

  private boolean isPresent(String subject) {
    return as(() -> presence.lastSeen(subject)).isPresent();
  }

  /** Lets seconds pass, as far as the rows are concerned. */
  private void pass(int seconds) {
    as(
        () ->
            new TenantTransactions(news.owner)
                .write(
                    () ->
                        JdbcClient.create(news.owner)
                            .sql(
                                "update kontor.presence"
                                    + " set seen_at = seen_at - make_interval(secs => ?)")
                            .param(seconds)
                            .update()));
  }

  private long rows() {
    return as(
        () ->
            new TenantTransactions(news.app)
                .read(
                    () ->
                        JdbcClient.create(news.app)
                            .sql("select count(*) from kontor.presence")
                            .query(Long.class)
                            .single()));
  }
}
