package io.kontor.notifications.store;

import static io.kontor.notifications.NotificationFixture.ACME;
import static io.kontor.notifications.NotificationFixture.STAFF_NOTIFIED;
import static io.kontor.notifications.NotificationFixture.euro;
import static io.kontor.notifications.rule.NotificationKind.JOB_DEAD;
import static io.kontor.notifications.rule.NotificationKind.PAYMENT_WAITING;
import static io.kontor.notifications.rule.NotificationKind.WEBHOOK_OFF;
import static io.kontor.web.security.Role.ADMIN;
import static io.kontor.web.security.Role.CUSTOMER;
import static io.kontor.web.security.Role.TELLER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.payment.PaymentEvent.AttentionNeeded;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import io.kontor.notifications.NotificationFixture;
import io.kontor.notifications.rule.Draft;
import io.kontor.notifications.rule.NotificationData;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who of the bank's staff is notified of what. */
class StaffNotificationsTest {
  private static final UUID JOB = UUID.randomUUID();
  private static final Draft DEAD_JOB = new Draft(JOB_DEAD, NotificationData.dead(JOB));

  private final NotificationFixture news = new NotificationFixture();

  @AfterEach
  void close() {
    news.close();
  }

  @Test
  void tellersWhoLookAtNotificationsAreNotifiedOfAPaymentThatWaits() {
    news.visit("tina", TELLER);
    news.visit("alan", ADMIN);
    news.visit("carl", CUSTOMER);
    List<EventMessage<?>> waiting = news.messages(waitingPaymentOf("carl"));
    news.write(waiting);
    news.now = news.now.plusSeconds(1);
    news.visit("late", TELLER);
    news.write(waiting);
    assertThat(news.kinds("tina")).containsExactly(PAYMENT_WAITING);
    assertThat(news.kinds("carl")).containsExactly(PAYMENT_WAITING);
    assertThat(news.kinds("alan")).isEmpty();
    assertThat(news.kinds("late")).as("processed again").isEmpty();
  }

  @Test
  void adminsAreNotifiedOfADeadJobOnceEach() {
    news.visit("alan", ADMIN, TELLER);
    news.visit("tina", TELLER);
    news.write("job", null, DEAD_JOB);
    news.write("job", null, DEAD_JOB);
    assertThat(news.news("alan"))
        .singleElement()
        .satisfies(one -> assertThat(one.data().job()).isEqualTo(JOB));
    assertThat(news.kinds("tina")).isEmpty();
  }

  @Test
  void aTellerWhoIsNoneAnyMoreOrStaysAwayIsNotNotified() {
    news.visit("alan", ADMIN);
    news.visit("alan", CUSTOMER);
    news.visit("adam", ADMIN);
    news.visit("away", ADMIN);
    news.now = news.now.plus(STAFF_NOTIFIED).minusSeconds(1);
    news.visit("adam", ADMIN);
    news.write("first", null, DEAD_JOB);
    news.now = news.now.plus(Duration.ofHours(1));
    news.write("second", null, DEAD_JOB);
    assertThat(news.kinds("alan")).isEmpty();
    assertThat(news.kinds("adam")).containsExactly(JOB_DEAD, JOB_DEAD);
    assertThat(news.kinds("away")).containsExactly(JOB_DEAD);
  }

  @Test
  void theOwnerOfAWebhookIsNotifiedAndEachAdminOnce() {
    news.visit("alan", ADMIN);
    var off = new Draft(WEBHOOK_OFF, NotificationData.switchedOff(UUID.randomUUID()));
    news.write("webhook", "olaf", off);
    news.write("another webhook", "alan", off);
    assertThat(news.kinds("olaf")).containsExactly(WEBHOOK_OFF);
    assertThat(news.kinds("alan")).containsExactly(WEBHOOK_OFF, WEBHOOK_OFF);
  }

  @Test
  void aForgottenMemberIsNotNotifiedAnyMore() {
    news.visit("alan", ADMIN);
    news.write(new DataSubjectForgotten(new StreamId(ACME, UUID.randomUUID()), "alan", null));
    news.write("job", null, DEAD_JOB);
    assertThat(news.kinds("alan")).isEmpty();
  }

  private AttentionNeeded waitingPaymentOf(String customer) {
    var payment = new PaymentId(ACME, UUID.randomUUID());
    UUID any = UUID.randomUUID();
    var terms =
        new PaymentTerms(
            news.opened(customer),
            euro("12.50"),
            SealedText.inTheClear(customer, "x"),
            "",
            any,
            any,
            any);
    news.first(new StreamId(ACME, payment.uuid()), new PaymentRequested(payment, customer, terms));
    return new AttentionNeeded(payment, PaymentStatus.SUBMITTED, "no answer");
  }
}
