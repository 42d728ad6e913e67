package io.kontor.query.statement;

import io.kontor.api.money.Money;
import io.kontor.job.queue.PermanentJobException;
import java.math.BigDecimal;

/** Amounts of ISO 20022: a decimal of at most 18 digits, without a sign. */
final class CamtAmount {
  private static final int DIGITS = 18;

  private CamtAmount() {}

  /**
   * The amount without its sign.
   *
   * @throws PermanentJobException if it has more digits than the schema allows
   */
  static String of(Money money) {
    BigDecimal amount = new BigDecimal(money.amount()).abs();
    if (amount.precision() > DIGITS) {
      throw new PermanentJobException(
          "camt.053 has amounts of %d digits at most; ask for another format".formatted(DIGITS));
    }
    return amount.toPlainString();
  }
}
