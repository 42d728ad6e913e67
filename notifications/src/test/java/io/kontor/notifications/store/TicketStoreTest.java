package io.kontor.notifications.store;

import static io.kontor.notifications.NotificationFixture.ACME;
import static io.kontor.notifications.NotificationFixture.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.notifications.NotificationFixture;
import io.kontor.tenancy.jdbc.TenantTransactions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tickets in the real PostgreSQL. */
class TicketStoreTest {
  private static final String TOKEN = "header.claims.signature";

  private final NotificationFixture news = new NotificationFixture();
  private final TicketStore tickets = new TicketStore(new TenantTransactions(news.app), news.app);

  @AfterEach
  void close() {
    news.close();
  }

  @Test
  void aTicketStandsForItsTokenOnce() {
    Ticket ticket = add(null);
    Ticket sent = Ticket.parse(ticket.text()).orElseThrow();
    assertThat(tickets.redeem(sent)).contains(TOKEN);
    assertThat(tickets.redeem(sent)).as("for the second time").isEmpty();
    assertThat(tickets.redeem(Ticket.of(ACME, TOKEN, null))).as("one that is not there").isEmpty();
  }

  @Test
  void anExpiredTicketIsNothingAndGoesWithTheNextOne() {
    Ticket old = add(null);
    as(() -> new TenantTransactions(news.owner).write(this::expire));
    assertThat(tickets.redeem(old)).isEmpty();
    add(null);
    assertThat(as(() -> new TenantTransactions(news.app).write(this::count))).isEqualTo(1);
  }

  @Test
  void theSameKeyLeadsToTheSameTicketForTheSameToken() {
    String text = Ticket.of(ACME, TOKEN, "key").text();
    assertThat(Ticket.of(ACME, TOKEN, "key").text()).isEqualTo(text);
    assertThat(Ticket.of(ACME, TOKEN, "other").text()).isNotEqualTo(text);
    assertThat(Ticket.of(ACME, "another token", "key").text()).isNotEqualTo(text);
  }

  @Test
  void whatIsNoTicketIsNone() {
    assertThat(Ticket.parse("")).isEmpty();
    assertThat(Ticket.parse(".")).isEmpty();
    assertThat(Ticket.parse("acme.AAAA")).isEmpty();
    assertThat(Ticket.parse("ACME." + "A".repeat(43))).isEmpty();
    assertThat(Ticket.parse("acme." + "?".repeat(43))).isEmpty();
  }

  private int expire() {
    return JdbcClient.create(news.owner)
        .sql("update kontor.notification_ticket set expires_at = now()")
        .update();
  }

  private long count() {
    return JdbcClient.create(news.app)
        .sql("select count(*) from kontor.notification_ticket")
        .query(Long.class)
        .single();
  }

  private Ticket add(String key) {
    Ticket ticket = Ticket.of(ACME, TOKEN, key);
    as(
        () -> {
          tickets.add(ticket, TOKEN);
          return ticket;
        });
    return ticket;
  }
}
