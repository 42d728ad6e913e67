package io.kontor.eventstore.command;

import static java.util.Objects.requireNonNull;

import io.kontor.eventstore.append.CommittedPosition;
import io.kontor.eventstore.append.DurableEventStore;
import io.kontor.eventstore.event.StoreBusyException;
import io.kontor.eventstore.event.StoreFailureReason;
import io.kontor.eventstore.idempotency.IdempotencyRecords;
import io.kontor.eventstore.idempotency.IdempotencyRow;
import io.kontor.eventstore.idempotency.PendingIdempotencyRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBusSpanFactory;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * A command bus that returns a result only once it is durable. A command is retried when its state
 * was stale, because another node has appended to the stream, or never became durable. A rejection
 * ({@link CommandExecutionException}) without applied events causes no rollback.
 */
public final class DurableCommandBus extends SimpleCommandBus {
  private static final int MAX_ATTEMPTS = 30;
  private static final int MAX_BACKOFF_MILLIS = 50;
  private static final ScopedValue<Attempt<?>> ATTEMPT = ScopedValue.newInstance();

  private final DurableEventStore store;
  private final IdempotencyRecords records;

  public DurableCommandBus(
      SimpleCommandBus.Builder settings, DurableEventStore store, IdempotencyRecords records) {
    super(
        settings.rollbackConfiguration(
            failure -> !isRejection(failure) || store.hasStagedEvents()));
    this.store = store;
    this.records = records;
    registerHandlerInterceptor(this::settle);
  }

  /** A bus whose events carry the metadata of {@code correlation}. */
  public static DurableCommandBus of(
      DurableEventStore store,
      IdempotencyRecords records,
      List<CorrelationDataProvider> correlation,
      CommandBusSpanFactory spans) {
    var bus = new DurableCommandBus(builder().spanFactory(spans), store, records);
    bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
    return bus;
  }

  @Override
  protected <C, R> void handle(
      CommandMessage<C> command,
      MessageHandler<? super CommandMessage<?>> handler,
      CommandCallback<? super C, ? super R> callback) {
    CommandResultMessage<R> result = attempt(command, handler);
    for (int attempt = 1; isConflict(result) && attempt < MAX_ATTEMPTS; attempt++) {
      backOff(attempt);
      result = attempt(command, handler);
    }
    callback.onResult(command, isConflict(result) ? busy(command) : result);
  }

  private static <R> CommandResultMessage<R> busy(CommandMessage<?> command) {
    return GenericCommandResultMessage.asCommandResultMessage(
        new StoreBusyException(
            "others were faster each of %d times: %s"
                .formatted(MAX_ATTEMPTS, command.getPayloadType().getSimpleName())));
  }

  private <C, R> CommandResultMessage<R> attempt(
      CommandMessage<C> command, MessageHandler<? super CommandMessage<?>> handler) {
    var attempt = new Attempt<R>();
    ScopedValue.where(ATTEMPT, attempt)
        .run(
            () -> super.<C, R>handle(command, handler, (sent, result) -> attempt.complete(result)));
    return attempt.result();
  }

  private @Nullable Object settle(
      UnitOfWork<? extends CommandMessage<?>> work, InterceptorChain chain) throws Exception {
    work.onCleanup(done -> ATTEMPT.get().position = CommittedPosition.of(done));
    IdempotencyRow request = records.requestOf(work.getMessage());
    try {
      Object result = chain.proceed();
      if (request != null) {
        stage(work, request.answeredWith(records.toJson(result)));
      }
      return result;
    } finally {
      // registered last, so that it sees whether there were events to append
      work.onPrepareCommit(store::settle);
    }
  }

  private void stage(UnitOfWork<?> work, IdempotencyRow row) {
    PendingIdempotencyRecord.put(work, row);
    work.afterCommit(done -> records.stored(row));
  }

  private static boolean isRejection(Throwable failure) {
    return failure instanceof CommandExecutionException && StoreFailureReason.of(failure).isEmpty();
  }

  private static boolean isConflict(CommandResultMessage<?> result) {
    return result.isExceptional() && result.exceptionResult() instanceof ConcurrencyException;
  }

  private static void backOff(int attempt) {
    try {
      int most = Math.min(MAX_BACKOFF_MILLIS, 1 << Math.min(attempt, 10));
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One attempt at a command, with its result. */
  private static final class Attempt<R> {
    @Nullable Long position;
    private @Nullable CommandResultMessage<R> result;

    @SuppressWarnings("unchecked") // the caller chose the result type
    void complete(CommandResultMessage<?> message) {
      result = (CommandResultMessage<R>) message;
    }

    CommandResultMessage<R> result() {
      CommandResultMessage<R> message = requireNonNull(result);
      return position == null
          ? message
          : message.andMetaData(Map.of(IdempotencyRecords.POSITION, position));
    }
  }
}
