package io.kontor.command.payment;

import io.kontor.api.RejectedException;
import io.kontor.api.payment.PaymentCommand.RequestPayment;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/** Requests payments as part of another stream's decision, in the unit of work of that. */
@Component
public class PaymentRequester {
  private final Repository<Payment> payments;

  PaymentRequester(Repository<Payment> payments) {
    this.payments = payments;
  }

  /**
   * Creates the payment. To be called before the unit of work has events: with the first one, Axon
   * registers the append, and a stream that is created later would come too late for it.
   *
   * @throws RejectedException having created nothing
   */
  public void request(RequestPayment command) {
    try {
      payments.newInstance(
          Payment::new, created -> created.execute(payment -> payment.handle(command)));
    } catch (RuntimeException rejectedOrFailed) {
      throw rejectedOrFailed;
    } catch (Exception checked) {
      throw new IllegalStateException(checked);
    }
  }
}
