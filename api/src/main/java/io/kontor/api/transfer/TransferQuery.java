package io.kontor.api.transfer;

import io.kontor.api.ledger.LedgerQuery.PostingCursor;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Queries for transfers. With a {@code customer}, only transfers from or to that customer's
 * accounts are visible.
 */
public sealed interface TransferQuery {

  /** Returns {@link TransferDetails}, or nothing when it is unknown. */
  record FindTransfer(UUID transfer, @Nullable String customer) implements TransferQuery {}

  /**
   * Returns a list of {@link TransferDetails}, newest first.
   *
   * @param account from or to this account
   * @param before the last transfer of the previous page
   */
  record FindTransfers(
      @Nullable UUID account, @Nullable String customer, @Nullable PostingCursor before, int limit)
      implements TransferQuery {}
}
