package io.kontor.sagas.command;

import io.kontor.api.Rejection;
import io.kontor.api.message.MessageMetadata;
import io.kontor.job.RetryLaterException;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;

/** Sends commands with the actor {@code system}. */
public final class SystemCommandSender {
  private static final long TIMEOUT_SECONDS = 30;

  /** Who acts where no person does. */
  public static final String ACTOR = "system";

  private final CommandBus bus;

  public SystemCommandSender(CommandBus bus) {
    this.bus = bus;
  }

  /**
   * Sends a command and waits until its events are durable. Returns errors as an outcome, never
   * throws. Must not be called on a thread with an active unit of work: the command would join it
   * instead of committing on its own.
   */
  public CommandOutcome send(TenantId tenant, String correlation, Object command) {
    Map<String, ?> metadata =
        Map.of(MessageMetadata.ACTOR, ACTOR, MessageMetadata.CORRELATION_ID, correlation);
    var result = new FutureCallback<Object, Object>();
    try {
      TenantContext.run(
          tenant, () -> bus.dispatch(new GenericCommandMessage<>(command, metadata), result));
      return outcome(result.getResult(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    } catch (Throwable failure) {
      return new CommandOutcome.Failed(text(failure));
    }
  }

  /**
   * Sends a command of a task, as {@link #send} does.
   *
   * @param receiver for an operator, such as "the account"
   * @return the rejection, if the command was rejected
   * @throws RetryLaterException when it failed
   */
  public Optional<Rejection> sendOrRetry(
      TenantId tenant, String correlation, Object command, String receiver) {
    return switch (send(tenant, correlation, command)) {
      case CommandOutcome.Done _, CommandOutcome.Pending _ -> Optional.empty();
      case CommandOutcome.Rejected(Rejection reason) -> Optional.of(reason);
      case CommandOutcome.Failed(String error) ->
          throw new RetryLaterException("no result from %s: %s".formatted(receiver, error));
    };
  }

  private static CommandOutcome outcome(CommandResultMessage<?> result) {
    if (!result.isExceptional()) {
      return new CommandOutcome.Done();
    }
    Throwable failure = result.exceptionResult();
    if (failure instanceof CommandExecutionException rejected
        && rejected.getDetails().orElse(null) instanceof Rejection reason) {
      return new CommandOutcome.Rejected(reason);
    }
    return new CommandOutcome.Failed(text(failure));
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
