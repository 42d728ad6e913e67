package io.kontor.app.cli.demo;

import io.kontor.api.ledger.LedgerAccount;
import io.kontor.api.payment.ClearingOutcome;
import io.kontor.api.payment.PaymentEvent.AttentionNeeded;
import io.kontor.api.payment.PaymentEvent.MoneyHeld;
import io.kontor.api.payment.PaymentEvent.OutcomeReported;
import io.kontor.api.payment.PaymentEvent.PaymentRejected;
import io.kontor.api.payment.PaymentEvent.PaymentRequested;
import io.kontor.api.payment.PaymentEvent.PaymentReturned;
import io.kontor.api.payment.PaymentEvent.PaymentSettled;
import io.kontor.api.payment.PaymentEvent.PaymentSubmitted;
import io.kontor.api.payment.PaymentId;
import io.kontor.api.payment.PaymentStatus;
import io.kontor.api.payment.PaymentTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Payments to other banks: settled, rejected, returned, and some that need a person. */
final class DemoPayments {
  private static final String CLEARING = "clearing-house";
  private static final Duration SETTLES_WITHIN = Duration.ofHours(20);
  private static final Duration RETURNS_AFTER = Duration.ofDays(2);
  private static final int REJECTED_ONE_OF = 20;
  private static final int RETURNED_ONE_OF = 25;
  private static final List<String> REFERENCES =
      List.of("Invoice 2417", "Electricity", "Insurance", "Taxes", "Season ticket");

  private final DemoContext demo;
  private final Timeline timeline;

  DemoPayments(DemoContext demo, Timeline timeline) {
    this.demo = demo;
    this.timeline = timeline;
  }

  /** A payment that begins. */
  private record Begun(PaymentId id, DemoAccount from, long amount, PaymentTerms terms) {}

  /** Plans one that ends, mostly well. */
  void planFinished(Instant time) {
    timeline.at(time, at -> submit(at, begin(at), () -> demo.between(0, 7_200), this::end));
  }

  /** Plans one that the clearing house accepts and then does not know any more. */
  void planUnknown(Instant time) {
    timeline.at(
        time,
        at ->
            submit(
                at,
                begin(at),
                () -> 0,
                (later, payment) ->
                    demo.add(
                        later,
                        DemoContext.SYSTEM,
                        new AttentionNeeded(
                            payment.id,
                            PaymentStatus.SUBMITTED,
                            "the clearing house accepted it, and does not know it any more"))));
  }

  /** Plans one that is settled while its account is frozen, so that it can't be booked. */
  void planUnbookable(Instant time) {
    timeline.at(
        time,
        at -> {
          long amount = demo.between(1_000, 60_000);
          submit(
              at,
              begin(at, demo.accountToFreezeWith(amount), amount),
              () -> 0,
              (later, payment) -> {
                demo.add(later, "tim", payment.from.freeze("Court order"));
                settle(later, payment);
              });
        });
  }

  /** Plans one that is left to the bank. */
  void planRequested(Instant time) {
    timeline.at(time, at -> begin(at));
  }

  private @Nullable Begun begin(Instant at) {
    long amount = demo.between(1_000, 60_000);
    return begin(at, demo.accountWith(amount), amount);
  }

  private @Nullable Begun begin(Instant at, @Nullable DemoAccount from, long amount) {
    if (from == null) {
      return null;
    }
    var id = new PaymentId(demo.tenant().id(), demo.id(at));
    var terms =
        new PaymentTerms(
            from.id(),
            from.money(amount),
            demo.sealAsJson(from.customer(), demo.any(demo.tenant().creditors())),
            demo.any(REFERENCES),
            demo.id(at),
            demo.id(at),
            demo.id(at));
    demo.add(at, from.customer(), new PaymentRequested(id, from.customer(), terms));
    return new Begun(id, from, amount, terms);
  }

  /**
   * Submits a payment, and plans what becomes of it.
   *
   * @param payment null when no account could pay it
   * @param seconds beyond the time that a settlement takes
   */
  private void submit(
      Instant at,
      @Nullable Begun payment,
      LongSupplier seconds,
      BiConsumer<Instant, Begun> outcome) {
    if (payment != null) {
      submit(at, payment);
      timeline.at(
          at.plus(SETTLES_WITHIN).plusSeconds(seconds.getAsLong()),
          later -> outcome.accept(later, payment));
    }
  }

  private void submit(Instant at, Begun payment) {
    demo.add(
        at,
        DemoContext.SYSTEM,
        payment.from.hold(payment.terms.hold(), payment.amount, reference(payment), null));
    demo.add(at, DemoContext.SYSTEM, new MoneyHeld(payment.id, payment.terms));
    demo.add(at, DemoContext.SYSTEM, new PaymentSubmitted(payment.id));
  }

  private void end(Instant at, Begun payment) {
    if (demo.inOneOf(REJECTED_ONE_OF)) {
      String reason = "the account is unknown at the creditor's bank";
      report(at, payment, ClearingOutcome.REJECTED, false, reason);
      demo.add(at, DemoContext.SYSTEM, payment.from.release(payment.terms.hold(), payment.amount));
      demo.add(at, DemoContext.SYSTEM, new PaymentRejected(payment.id, reason));
      return;
    }
    settle(at, payment);
  }

  private void settle(Instant at, Begun payment) {
    report(at, payment, ClearingOutcome.SETTLED, false, null);
    if (!payment.from.isOpen()) {
      demo.add(
          at,
          DemoContext.SYSTEM,
          new AttentionNeeded(
              payment.id,
              PaymentStatus.SUBMITTED,
              "it is SETTLED, and the account rejected the booking: the account is frozen"));
      return;
    }
    demo.add(
        at,
        DemoContext.SYSTEM,
        payment.from.capture(
            payment.terms.hold(),
            payment.terms.capture(),
            payment.amount,
            reference(payment),
            LedgerAccount.CLEARING));
    demo.add(at, DemoContext.SYSTEM, new PaymentSettled(payment.id));
    if (demo.inOneOf(RETURNED_ONE_OF)) {
      timeline.at(at.plus(RETURNS_AFTER), later -> giveBack(later, payment));
    }
  }

  private void giveBack(Instant at, Begun payment) {
    if (payment.from.isOpen()) {
      String reason = "the creditor's account was closed";
      report(at, payment, ClearingOutcome.RETURNED, true, reason);
      demo.add(
          at,
          DemoContext.SYSTEM,
          payment.from.comesBack(
              payment.terms.comeback(), payment.amount, "return of " + reference(payment)));
      demo.add(at, DemoContext.SYSTEM, new PaymentReturned(payment.id, reason));
    }
  }

  private void report(
      Instant at, Begun payment, ClearingOutcome outcome, boolean booked, @Nullable String reason) {
    demo.add(at, CLEARING, new OutcomeReported(payment.id, payment.terms, outcome, booked, reason));
  }

  private static String reference(Begun payment) {
    return "payment " + payment.id.uuid();
  }
}
