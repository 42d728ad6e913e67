package io.kontor.notifications.store;

import static io.kontor.notifications.NotificationFixture.ACME;
import static io.kontor.notifications.NotificationFixture.KEPT;
import static io.kontor.notifications.NotificationFixture.as;
import static io.kontor.notifications.NotificationFixture.deposited;
import static io.kontor.notifications.NotificationFixture.euro;
import static io.kontor.notifications.NotificationFixture.withdrawn;
import static io.kontor.notifications.rule.NotificationKind.BALANCE_ABOVE;
import static io.kontor.notifications.rule.NotificationKind.BALANCE_BELOW;
import static io.kontor.notifications.rule.NotificationKind.HOLD_EXPIRED;
import static io.kontor.notifications.rule.NotificationKind.MONEY_IN;
import static io.kontor.notifications.rule.NotificationKind.MONEY_OUT;
import static io.kontor.notifications.rule.NotificationKind.PAYMENT_SETTLED;
import static io.kontor.notifications.rule.NotificationKind.STANDING_ORDER_FAILED;
import static io.kontor.notifications.rule.NotificationKind.TRANSFER_RECEIVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.api.account.AccountEvent.HoldReleased;
import io.kontor.api.account.AccountEvent.TransferReceived;
import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.account.HoldReleaseReason;
import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.money.Money;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentSettled;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.PlannedExecution;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionFailed;
import io.kontor.api.standingorder.StandingOrderEvent.ExecutionPostponed;
import io.kontor.api.standingorder.StandingOrderEvent.StandingOrderCreated;
import io.kontor.api.standingorder.StandingOrderId;
import io.kontor.api.standingorder.StandingOrderTerms;
import io.kontor.notifications.NotificationFixture;
import io.kontor.notifications.rule.BalanceAlert;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** From events to what their users read. */
class NotificationWriterTest {
  private final NotificationFixture news = new NotificationFixture();
  private final String ada = "ada";
  private final String bob = "bob";

  @AfterEach
  void close() {
    news.close();
  }

  @Test
  void usersAreNotifiedOfTheirMoneyInTheOrderOfTheEvents() {
    AccountId from = news.opened(ada);
    AccountId to = news.opened(bob);
    UUID transfer = UUID.randomUUID();
    news.write(
        deposited(from, "100.00", "100.00"),
        new TransferSent(
            from, transfer, UUID.randomUUID(), to, euro("30.00"), euro("70.00"), euro("30.00"), ""),
        new TransferReceived(
            to, transfer, UUID.randomUUID(), from, euro("30.00"), euro("30.00"), ""),
        new HoldReleased(
            from, UUID.randomUUID(), euro("5.00"), euro("0.00"), HoldReleaseReason.EXPIRED),
        new HoldReleased(
            from, UUID.randomUUID(), euro("5.00"), euro("0.00"), HoldReleaseReason.REQUESTED));
    assertThat(news.kinds(ada)).containsExactly(MONEY_IN, MONEY_OUT, HOLD_EXPIRED);
    assertThat(news.kinds(bob)).containsExactly(TRANSFER_RECEIVED);
    Notification received = news.news(bob).getFirst();
    assertThat(received.at()).isEqualTo(news.now);
    assertThat(received.id().version()).isEqualTo(7);
    assertThat(received.data().account()).isEqualTo(to.uuid());
    assertThat(received.data().transfer()).isEqualTo(transfer);
    assertThat(received.data().amount()).isEqualTo(euro("30.00"));
  }

  @Test
  void aPaymentsCustomerIsNotifiedOfItsOutcome() {
    AccountId account = news.opened(ada);
    var payment = new PaymentId(ACME, UUID.randomUUID());
    UUID any = UUID.randomUUID();
    var terms =
        new PaymentTerms(
            account, euro("12.50"), SealedText.inTheClear(ada, "x"), "", any, any, any);
    news.first(new StreamId(ACME, payment.uuid()), new PaymentRequested(payment, ada, terms));
    news.write(new PaymentSettled(payment));
    assertThat(news.kinds(ada)).containsExactly(PAYMENT_SETTLED);
    assertThat(news.news(ada).getFirst().data().payment()).isEqualTo(payment.uuid());
    assertThat(news.news(ada).getFirst().data().amount()).isEqualTo(euro("12.50"));
  }

  @Test
  void aStandingOrdersCustomerIsNotifiedOfADueDateThatFailed() {
    var order = new StandingOrderId(ACME, UUID.randomUUID());
    LocalDate first = LocalDate.of(2026, 11, 30);
    var terms =
        new StandingOrderTerms(
            news.opened(ada),
            news.opened(bob),
            null,
            euro("50.00"),
            "rent",
            new Schedule(
                first, Rhythm.MONTHLY, null, null, null, BusinessDayRule.FOLLOWING, "TARGET"));
    var execution = new PlannedExecution(1, first, first, news.now);
    news.first(
        new StreamId(ACME, order.uuid()), new StandingOrderCreated(order, ada, terms, execution));
    news.write(
        new ExecutionPostponed(order, execution, 1, news.now, "insufficient-funds"),
        new ExecutionFailed(order, execution, "insufficient-funds", null));
    assertThat(news.kinds(ada)).containsExactly(STANDING_ORDER_FAILED);
    assertThat(news.news(ada).getFirst().data().standingOrder()).isEqualTo(order.uuid());
    assertThat(news.news(ada).getFirst().data().amount()).isEqualTo(euro("50.00"));
  }

  @Test
  void anEventThatIsProcessedAgainNotifiesOnce() {
    AccountId account = news.opened(ada);
    alert(account, null, "50.00");
    List<EventMessage<?>> batch = news.messages(deposited(account, "100.00", "100.00"));
    news.write(batch);
    read(ada, news.news(ada).getFirst().id());
    news.write(batch);
    news.write(news.messages(deposited(account, "1.00", "101.00")));
    assertThat(news.kinds(ada)).containsExactly(MONEY_IN, BALANCE_ABOVE, MONEY_IN);
    assertThat(news.news(ada)).extracting(Notification::read).containsExactly(true, false, false);
  }

  @Test
  void theBookingThatCrossesAThresholdNotifies() {
    AccountId account = news.opened(ada);
    alert(account, "50.00", "100.00");
    news.write(
        deposited(account, "100.00", "100.00"),
        deposited(account, "0.01", "100.01"),
        deposited(account, "1.00", "101.01"),
        withdrawn(account, "51.01", "50.00"),
        withdrawn(account, "0.01", "49.99"),
        withdrawn(account, "10.00", "39.99"));
    assertThat(news.kinds(ada))
        .containsExactly(
            MONEY_IN,
            MONEY_IN,
            BALANCE_ABOVE,
            MONEY_IN,
            MONEY_OUT,
            MONEY_OUT,
            BALANCE_BELOW,
            MONEY_OUT);
    assertThat(news.news(ada).get(6).data().threshold()).isEqualTo(euro("50.00"));
    assertThat(news.news(ada).get(6).data().balance()).isEqualTo(euro("49.99"));
  }

  @Test
  void whatAUserDoesNotWantIsNotMade() {
    AccountId account = news.opened(ada);
    alert(account, "50.00", null);
    news.prefer(ada, List.of(MONEY_OUT), List.of());
    news.write(deposited(account, "60.00", "60.00"), withdrawn(account, "60.00", "0.00"));
    assertThat(news.kinds(ada)).containsExactly(MONEY_IN, BALANCE_BELOW);
  }

  @Test
  void aForgottenPersonsNotificationsGoAndNewOnesMayCome() {
    AccountId account = news.opened(ada);
    AccountId other = news.opened(bob);
    alert(account, "50.00", null);
    news.write(
        deposited(account, "60.00", "60.00"),
        deposited(other, "1.00", "1.00"),
        new DataSubjectForgotten(new StreamId(ACME, UUID.randomUUID()), ada, null),
        withdrawn(account, "60.00", "0.00"));
    assertThat(news.kinds(ada)).as("the alert is gone, too").containsExactly(MONEY_OUT);
    assertThat(news.kinds(bob)).containsExactly(MONEY_IN);
  }

  @Test
  void aUserReadsNoOtherUsersNotifications() {
    AccountId account = news.opened(ada);
    news.write(deposited(account, "1.00", "1.00"));
    UUID id = news.news(ada).getFirst().id();
    assertThat(news.news(bob)).isEmpty();
    assertThat(read(bob, id)).isFalse();
    assertThat(news.news(ada).getFirst().read()).isFalse();
    var transactions = new TenantTransactions(news.app);
    assertThatThrownBy(() -> as(() -> transactions.read(() -> count(news.app))))
        .hasRootCauseMessage(
            """
            ERROR: no user is set for this transaction
              Where: PL/pgSQL function current_subject() line 7 at RAISE\
            """);
  }

  @Test
  void unreadOnesAreCountedAndReadTogether() {
    AccountId account = news.opened(ada);
    news.write(deposited(account, "1.00", "1.00"), deposited(account, "1.00", "2.00"));
    assertThat(as(() -> news.inbox.unread(ada))).isEqualTo(2);
    as(
        () -> {
          news.inbox.readAll(ada);
          return true;
        });
    assertThat(as(() -> news.inbox.unread(ada))).isZero();
    assertThat(as(() -> news.inbox.list(ada, true, null, 10))).isEmpty();
    assertThat(as(() -> news.inbox.list(ada, false, null, 10))).hasSize(2);
  }

  @Test
  void aNotificationIsDeliveredWhenAClientFirstAcknowledgesItOrALaterOne() {
    news.prefer(ada, List.of(), List.of(MONEY_OUT));
    AccountId account = news.opened(ada);
    news.write(deposited(account, "5.00", "5.00"), withdrawn(account, "1.00", "4.00"));
    news.write(deposited(account, "1.00", "5.00"), deposited(account, "1.00", "6.00"));
    acknowledge(ada, 2);
    List<@Nullable Instant> first = delivered(ada);
    assertThat(first.get(0)).as("before it").isNotNull();
    assertThat(first.get(2)).isNotNull();
    assertThat(first.get(1)).as("only listed").isNull();
    assertThat(first.get(3)).as("a later one").isNull();
    acknowledge(ada, 0);
    acknowledge(ada, 3);
    assertThat(delivered(ada).subList(0, 3)).isEqualTo(first.subList(0, 3));
    assertThat(delivered(ada).get(3)).isAfter(first.get(2));
    assertThat(news.news(ada)).as("not read by that").noneMatch(Notification::read);
  }

  private void acknowledge(String user, int place) {
    UUID id = news.news(user).get(place).id();
    TenantContext.run(ACME, () -> news.inbox.acknowledge(user, id));
  }

  private List<@Nullable Instant> delivered(String user) {
    return news.news(user).stream().<@Nullable Instant>map(Notification::deliveredAt).toList();
  }

  @Test
  void whatIsTooOldIsDeletedAndNotMadeAgain() {
    AccountId account = news.opened(ada);
    List<EventMessage<?>> batch = news.messages(deposited(account, "1.00", "1.00"));
    news.write(batch);
    Instant first = news.now;
    news.now = news.now.plus(KEPT);
    news.write(deposited(account, "1.00", "2.00"));
    as(() -> news.expiry.oldestAfterDeleting(news.now.minus(KEPT)));
    assertThat(news.news(ada)).as("exactly as old as may be").hasSize(2);
    news.now = news.now.plusMillis(1);
    assertThat(as(() -> news.expiry.oldestAfterDeleting(news.now.minus(KEPT))))
        .contains(first.plus(KEPT));
    assertThat(news.news(ada)).hasSize(1);
    news.write(batch);
    assertThat(news.news(ada)).hasSize(1);
    assertThat(
            JdbcClient.create(news.worker)
                .sql("select count(*) from kontor.job where type = 'notification-expiry'")
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  private void alert(AccountId account, String below, String above) {
    as(
        () ->
            new TenantTransactions(news.app)
                .write(
                    () -> {
                      new AlertStore(news.app)
                          .set(
                              account.uuid(),
                              ada,
                              Money.currencyOf("EUR"),
                              new BalanceAlert(
                                  below == null ? null : euro(below),
                                  above == null ? null : euro(above)));
                      return true;
                    }));
  }

  private boolean read(String user, UUID id) {
    return as(() -> news.inbox.read(user, id));
  }

  private static Long count(DataSource dataSource) {
    return JdbcClient.create(dataSource)
        .sql("select count(*) from kontor.notification")
        .query(Long.class)
        .single();
  }
}
