package io.kontor.api.transfer;

import io.kontor.api.ledger.LedgerQuery.Place;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked about transfers. With a {@code customer}, only transfers from or to that
 * customer's accounts exist.
 */
public sealed interface TransferQuery {

  /** Answers {@link TransferDetails}, or nothing when it is unknown. */
  record FindTransfer(UUID transfer, @Nullable String customer) implements TransferQuery {}

  /**
   * Answers a list of {@link TransferDetails}, newest first.
   *
   * @param account from or to this account
   * @param before the last transfer of the page before
   */
  record FindTransfers(
      @Nullable UUID account, @Nullable String customer, @Nullable Place before, int limit)
      implements TransferQuery {}
}
