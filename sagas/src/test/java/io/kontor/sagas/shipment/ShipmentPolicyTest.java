package io.kontor.sagas.shipment;

import static io.kontor.sagas.PolicyFixture.ACME;
import static io.kontor.sagas.PolicyFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.shipment.ShipmentCommand.RecordBooking;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellation;
import io.kontor.api.shipment.ShipmentCommand.RecordCancellationRefusal;
import io.kontor.api.shipment.ShipmentCommand.RecordFault;
import io.kontor.api.shipment.ShipmentCommand.RecordRefusal;
import io.kontor.api.shipment.ShipmentEvent.CancellationRequested;
import io.kontor.api.shipment.ShipmentEvent.ShipmentRequested;
import io.kontor.api.shipment.ShipmentId;
import io.kontor.personaldata.SealedText;
import io.kontor.sagas.PolicyFixture;
import io.kontor.sagas.StubServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShipmentPolicyTest {
  private static final ShipmentId SHIPMENT = new ShipmentId(ACME, new UUID(7, 1));
  private static final UUID ORDER = new UUID(7, 2);
  private static final String PATH = "/shipments/" + SHIPMENT.uuid();
  private static final String BOOKED = "{\"state\":\"BOOKED\",\"tracking\":\"T1\"}";
  private static final String CANCELLED = "{\"state\":\"CANCELLED\"}";
  private static final Duration GIVE_UP_AFTER = Duration.ofHours(24);
  private static final CarrierProperties PROPERTIES =
      new CarrierProperties(
          null,
          null,
          Duration.ofSeconds(2),
          32,
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          GIVE_UP_AFTER);

  private final PolicyFixture bank = new PolicyFixture();
  private final StubServer carrier = new StubServer();
  private final CarrierClient client = new CarrierClient(carrier.client(), bank.personalData());
  private final SealedText address = bank.seal("cust-1", "{\"city\":\"Berlin\"}");

  @BeforeEach
  void addPolicy() {
    bank.add(new ShipmentPolicy(bank.jobs(), bank.commands(), client, PROPERTIES, bank.clock()));
  }

  @AfterEach
  void close() {
    client.close();
    carrier.close();
    bank.close();
  }

  @Nested
  class Booking {
    @BeforeEach
    void request() {
      bank.publish(new ShipmentRequested(SHIPMENT, ORDER, address));
    }

    @Test
    void isRecordedWithItsTracking() {
      carrier.respond(200, BOOKED);
      bank.runDueTasks();
      assertThat(carrier.calls())
          .containsExactly("PUT %s {\"address\":{\"city\":\"Berlin\"}}".formatted(PATH));
      assertThat(bank.sent()).containsExactly(new RecordBooking(SHIPMENT, "T1"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 410, 422})
    void thatTheCarrierRefusesIsRecordedAsRefused(int status) {
      carrier.respond(status, "{\"detail\":\"no service\"}");
      bank.runDueTasks();
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordRefusal.class, refusal -> assertThat(refusal.reason()).contains("no service"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 500})
    void thatFailsWithAnyOtherStatusIsRecordedAndRetried(int status) {
      carrier.respond(status, "{}");
      bank.runDueTasks();
      assertThat(bank.sent()).singleElement().isInstanceOf(RecordFault.class);
      assertThat(bank.scheduled()).containsEntry("book-shipment", NOON.plusSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          CANCELLED,
          "{\"state\":\"BOOKED\",\"reference\":\"another shipment\",\"tracking\":\"T1\"}"
        })
    void whoseResponseIsNoBookingOfThisShipmentIsRetried(String response) {
      carrier.respond(200, response);
      bank.runDueTasks();
      assertThat(bank.sent()).singleElement().isInstanceOf(RecordFault.class);
      assertThat(bank.scheduled()).containsKey("book-shipment");
    }

    @Test
    void whoseResponseIsLostIsBookedAgainUnderTheSameReference() {
      carrier.loseResponses();
      bank.runDueTasks();
      List<String> first = carrier.calls();
      bank.sent();
      carrier.respond(200, BOOKED);
      bank.elapse(Duration.ofSeconds(1));
      assertThat(carrier.calls()).hasSize(1).isSubsetOf(first);
      assertThat(bank.sent()).containsExactly(new RecordBooking(SHIPMENT, "T1"));
    }

    @Test
    void isBookedAgainWhenACrashPreventedItsRecord() {
      carrier.respond(200, BOOKED);
      bank.fail(RecordBooking.class);
      bank.runDueTasks();
      bank.sent();
      bank.recover(RecordBooking.class);
      bank.elapse(Duration.ofSeconds(1));
      assertThat(bank.sent()).containsExactly(new RecordBooking(SHIPMENT, "T1"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void thatFailsIsRetriedAfterPausesThatDouble() {
      carrier.respond(503, "{}");
      bank.runDueTasks();
      Instant due = NOON;
      for (int pause : List.of(1, 2, 4, 8, 16, 30, 30)) {
        due = due.plusSeconds(pause);
        assertThat(bank.scheduled()).containsEntry("book-shipment", due);
        bank.elapse(Duration.ofSeconds(pause));
      }
    }

    /** The order has given up waiting before; its cancellation follows. */
    @Test
    void thatFailsUntilItsDeadlineIsGivenUp() {
      carrier.respond(503, "{}");
      bank.elapse(GIVE_UP_AFTER);
      assertThat(bank.sent()).hasSize(2).hasOnlyElementsOfType(RecordFault.class);
      assertThat(bank.scheduled()).isEmpty();
    }

    @Nested
    class ForAForgottenAddressee {
      @BeforeEach
      void forget() {
        bank.forget("cust-1");
      }

      @Test
      void thatWasMadeBeforeIsKept() {
        carrier.respond(200, BOOKED);
        bank.runDueTasks();
        assertThat(carrier.calls()).containsExactly("GET " + PATH);
        assertThat(bank.sent()).containsExactly(new RecordBooking(SHIPMENT, "T1"));
      }

      @Test
      void thatWasNeverMadeIsRefused() {
        carrier.respond(404, "{}");
        bank.runDueTasks();
        assertThat(carrier.calls()).containsExactly("GET " + PATH);
        assertThat(bank.sent())
            .containsExactly(new RecordRefusal(SHIPMENT, "the addressee was forgotten"));
      }

      @Test
      void whoseInquiryFailsIsRetried() {
        carrier.respond(500, "{}");
        bank.runDueTasks();
        assertThat(bank.sent()).singleElement().isInstanceOf(RecordFault.class);
        assertThat(bank.scheduled()).containsKey("book-shipment");
      }
    }
  }

  @Nested
  class Cancellation {
    @Test
    void replacesABookingThatHasNotBegun() {
      bank.publish(new ShipmentRequested(SHIPMENT, ORDER, address));
      bank.publish(new CancellationRequested(SHIPMENT, ORDER));
      assertThat(bank.scheduled()).containsOnlyKeys("cancel-shipment");
    }

    @Test
    void thatTheCarrierConfirmsIsRecorded() {
      carrier.respond(200, CANCELLED);
      requestAndRun();
      assertThat(carrier.calls()).containsExactly("POST " + PATH + "/cancel");
      assertThat(bank.sent()).containsExactly(new RecordCancellation(SHIPMENT));
      assertThat(bank.scheduled()).isEmpty();
    }

    @Test
    void ofAShipmentThatTheCarrierDoesNotKnowIsRecorded() {
      carrier.respond(404, "{}");
      requestAndRun();
      assertThat(bank.sent()).containsExactly(new RecordCancellation(SHIPMENT));
      assertThat(bank.scheduled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 410, 422})
    void thatTheCarrierRefusesIsRecordedAsRefused(int status) {
      carrier.respond(status, "{\"detail\":\"on its way\"}");
      requestAndRun();
      assertThat(bank.sent())
          .singleElement()
          .isInstanceOfSatisfying(
              RecordCancellationRefusal.class,
              refusal -> assertThat(refusal.reason()).contains("on its way"));
      assertThat(bank.scheduled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", BOOKED})
    void whoseResponseConfirmsNothingIsRetried(String response) {
      carrier.respond(200, response);
      requestAndRun();
      assertThat(bank.sent()).singleElement().isInstanceOf(RecordFault.class);
      assertThat(bank.scheduled()).containsKey("cancel-shipment");
    }

    /** The order needs a person then: the shipment may be on its way. */
    @Test
    void thatFailsUntilItsDeadlineCountsAsRefused() {
      carrier.respond(503, "{}");
      bank.publish(new CancellationRequested(SHIPMENT, ORDER));
      bank.elapse(GIVE_UP_AFTER);
      assertThat(bank.sent())
          .hasSize(2)
          .last()
          .isInstanceOfSatisfying(
              RecordCancellationRefusal.class,
              refusal -> assertThat(refusal.reason()).startsWith("no result from the carrier: "));
      assertThat(bank.scheduled()).isEmpty();
    }

    private void requestAndRun() {
      bank.publish(new CancellationRequested(SHIPMENT, ORDER));
      bank.runDueTasks();
    }
  }

  @Nested
  class StoredTask {
    @Test
    void ofTheFirstVersionIsExecuted() {
      carrier.respond(200, BOOKED);
      bank.jobs()
          .schedule(
              ShipmentPolicy.BOOK
                  .instance(SHIPMENT.toString())
                  .data("{\"correlation\":\"c1\",\"address\":\"clear:Y3VzdC0y:{}\"}")
                  .build(),
              NOON);
      bank.runDueTasks();
      assertThat(bank.sent()).containsExactly(new RecordBooking(SHIPMENT, "T1"));
    }
  }
}
