package io.kontor.projections.transfer;

import static io.kontor.projections.tables.Tables.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.account.AccountEvent.TransferSent;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import io.kontor.projections.ProjectedRows;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TransferProjectionTest {
  private final ProjectedRows<TransferSent> rows =
      new ProjectedRows<>(new TransferProjection(), TransferSent::account);

  @Test
  void aTransferIsOneRowFromItsSendersEvent() {
    AccountId from = new AccountId(rows.tenant, UUID.randomUUID());
    AccountId to = new AccountId(rows.tenant, UUID.randomUUID());
    UUID transfer = UUID.randomUUID();
    UUID entry = UUID.randomUUID();

    rows.happen(
        new TransferSent(
            from, transfer, entry, to, euro("12.50"), euro("7.50"), euro("12.50"), "rent"));

    assertThat(
            rows.only(
                TRANSFER,
                TRANSFER.TRANSFER_ID,
                TRANSFER.ENTRY_ID,
                TRANSFER.FROM_ACCOUNT,
                TRANSFER.TO_ACCOUNT,
                TRANSFER.AMOUNT,
                TRANSFER.CURRENCY,
                TRANSFER.REFERENCE,
                TRANSFER.BOOKED_AT,
                TRANSFER.POSITION))
        .containsExactly(
            transfer,
            entry,
            from.uuid(),
            to.uuid(),
            1_250L,
            "EUR",
            "rent",
            ProjectedRows.START,
            1L);
  }

  private static Money euro(String amount) {
    return Money.of(amount, "EUR");
  }
}
