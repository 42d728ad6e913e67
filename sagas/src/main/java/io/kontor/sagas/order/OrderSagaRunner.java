package io.kontor.sagas.order;

import io.kontor.api.order.OrderId;
import io.kontor.sagas.order.OrderSagaTurn.Work;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;

/**
 * Has many sagas act at the same time, each on a virtual thread that waits for its own commands,
 * and stores what came of it when all are done. No transaction is open until then.
 */
final class OrderSagaRunner {
  private static final long SIGN_OF_LIFE_SECONDS = 1;
  private static final int MOST_ROUNDS = 20;

  private final OrderSagaStore store;
  private final OrderSagaTurn turn;
  private final TransactionManager transactions;
  private final Executor threads;

  /**
   * @param concurrency how many sagas act at the same time at most
   */
  OrderSagaRunner(
      OrderSagaStore store, OrderSagaTurn turn, TransactionManager transactions, int concurrency) {
    this.store = store;
    this.turn = turn;
    this.transactions = transactions;
    var permits = new Semaphore(concurrency);
    this.threads = act -> Thread.ofVirtual().name("order-saga").start(() -> act(permits, act));
  }

  private static void act(Semaphore permits, Runnable act) {
    permits.acquireUninterruptibly();
    try {
      act.run();
    } finally {
      permits.release();
    }
  }

  /**
   * Runs the work of each order and stores the sagas in a transaction, which is still open on
   * return. An order whose saga another writer has changed meanwhile is run again from its row as
   * it is then: its commands are sent again, and done once.
   *
   * @param whileWaiting called about every second
   * @throws InterruptedException while waiting for the sagas; nothing is stored
   */
  Transaction run(Map<OrderId, ? extends Work> work, Runnable whileWaiting)
      throws InterruptedException {
    Map<OrderId, OrderSagaChange> changes = new HashMap<>();
    Set<OrderId> open = work.keySet();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      changes.keySet().removeAll(open);
      changes.putAll(act(open, work, whileWaiting));
      Transaction transaction = transactions.startTransaction();
      open = save(changes.values(), transaction);
      if (open.isEmpty()) {
        return transaction;
      }
      transaction.rollback();
    }
    throw new IllegalStateException(
        "other writers changed the same sagas each of %d times".formatted(MOST_ROUNDS));
  }

  private Map<OrderId, OrderSagaChange> act(
      Collection<OrderId> orders, Map<OrderId, ? extends Work> work, Runnable whileWaiting)
      throws InterruptedException {
    Map<OrderId, StoredOrderSaga> stored = store.load(orders);
    List<CompletableFuture<Optional<OrderSagaChange>>> acting =
        orders.stream()
            .map(
                order ->
                    CompletableFuture.supplyAsync(
                        () ->
                            Optional.ofNullable(
                                turn.run(
                                    order,
                                    stored.get(order),
                                    Objects.requireNonNull(work.get(order)))),
                        threads))
            .toList();
    await(CompletableFuture.allOf(acting.toArray(CompletableFuture[]::new)), whileWaiting);
    Map<OrderId, OrderSagaChange> changes = new HashMap<>();
    acting.forEach(done -> done.join().ifPresent(change -> changes.put(change.order(), change)));
    return changes;
  }

  private static void await(CompletableFuture<Void> all, Runnable whileWaiting)
      throws InterruptedException {
    while (true) {
      try {
        all.get(SIGN_OF_LIFE_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException stillActing) {
        whileWaiting.run();
      } catch (ExecutionException failed) {
        throw new IllegalStateException("a saga failed beyond repair", failed.getCause());
      }
    }
  }

  private Set<OrderId> save(Collection<OrderSagaChange> changes, Transaction transaction) {
    try {
      return store.save(changes);
    } catch (RuntimeException | Error failure) {
      transaction.rollback();
      throw failure;
    }
  }
}
