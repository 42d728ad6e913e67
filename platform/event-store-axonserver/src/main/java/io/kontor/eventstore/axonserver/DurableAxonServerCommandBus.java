package io.kontor.eventstore.axonserver;

import io.kontor.eventstore.event.StoreBusyException;
import org.axonframework.axonserver.connector.command.AxonServerCommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;

/**
 * A command bus through Axon Server. Returns the handler's result unchanged; without a result, it
 * is unknown whether the command was handled, and the failure is reported as busy.
 */
final class DurableAxonServerCommandBus extends AxonServerCommandBus {
  DurableAxonServerCommandBus(AxonServerCommandBus.Builder settings) {
    super(settings);
  }

  @Override
  public <C, R> void dispatch(
      CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
    super.<C, R>dispatch(command, (sent, result) -> callback.onResult(sent, typed(result)));
  }

  private static <R> CommandResultMessage<? extends R> typed(
      CommandResultMessage<? extends R> result) {
    if (!result.isExceptional() || result.exceptionResult() instanceof CommandExecutionException) {
      return result;
    }
    return GenericCommandResultMessage.asCommandResultMessage(
        new StoreBusyException(
            "Axon Server brought no answer: " + result.exceptionResult().getMessage()));
  }
}
