package io.kontor.eventstore.subscription;

import java.util.function.Supplier;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;

/**
 * Opens a transaction for a processor's token only, none for its batches: their handler waits for
 * others, and would lock the token's row for as long.
 */
public record TokenOnlyTransactions(TransactionManager transactions) implements TransactionManager {
  @Override
  public Transaction startTransaction() {
    return NoTransactionManager.INSTANCE.startTransaction();
  }

  @Override
  public void executeInTransaction(Runnable work) {
    transactions.executeInTransaction(work);
  }

  @Override
  public <T> T fetchInTransaction(Supplier<T> work) {
    return transactions.fetchInTransaction(work);
  }
}
